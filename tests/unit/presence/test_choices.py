"""What may be chosen to be seen as, and what may stand beside a name."""

import pytest

from libs.common.contracts.commands import SetPresence
from libs.common.contracts.people import Person, PersonKind
from libs.common.errors import Forbidden
from services.presence.core.choices import MAX_STATUS_CHARS, BadPresence, chosen_by
from services.presence.model import Choice, Chosen
from tests.unit.presence.rosters import ALICE, BOB

WHO = Person(PersonKind.USER, ALICE, "Alice")


@pytest.mark.parametrize(
    "text", [None, "", "lunch", "a" * MAX_STATUS_CHARS, "zu Tisch \U0001f9d1\u200d\U0001f4bb"]
)
def test_a_state_and_a_text_are_chosen(text: str | None) -> None:
    assert chosen_by(WHO, ALICE, SetPresence("away", text)) == Choice(ALICE, Chosen.AWAY, text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * (MAX_STATUS_CHARS + 1),
        "two\nlines",
        "\u202eback to front",
        "zero\u200bwidth",
        "\u2028",
    ],
)
def test_a_text_that_is_too_long_or_deceives_the_eye_is_refused(text: str) -> None:
    with pytest.raises(BadPresence) as refusal:
        chosen_by(WHO, ALICE, SetPresence("online", text))

    assert list(refusal.value.fields or {}) == ["status_text"]


def test_there_are_no_other_states() -> None:
    with pytest.raises(BadPresence) as refusal:
        chosen_by(WHO, ALICE, SetPresence("busy", None))

    assert list(refusal.value.fields or {}) == ["state"]


def test_nobody_chooses_for_somebody_else() -> None:
    with pytest.raises(Forbidden):
        chosen_by(WHO, BOB, SetPresence("online", None))
