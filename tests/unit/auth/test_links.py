"""Links: where they lead, and what is stored of them."""

from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId
from services.auth.api.mail.links import Links
from services.auth.core.links import KINDS, PAGES, hashed, link
from services.auth.model.letters import LetterKind
from services.auth.model.links import Purpose
from services.auth.settings.mail import MailSettings
from tests.support.clock import CountedChance, SetClock

ALICE = PersonId(UUID(int=1))


def test_the_token_stands_where_browsers_keep_it_to_themselves() -> None:
    address = link("https://chat.example.org", "setup", "token")

    assert address == "https://chat.example.org/setup#token=token"


def test_what_is_stored_does_not_show_the_token() -> None:
    assert b"token" not in hashed("token")
    assert hashed("token") == hashed("token") != hashed("nekot")


def test_every_purpose_has_a_page_and_a_letter() -> None:
    assert PAGES.keys() == KINDS.keys() == set(Purpose)


@pytest.mark.parametrize(
    ("purpose", "kind", "page", "life_s"),
    [
        (Purpose.VERIFY, LetterKind.VERIFY_EMAIL, "verify", 86_400),
        (Purpose.CONFIRM, LetterKind.CONFIRM_NEW_EMAIL, "confirm-email", 86_400),
        (Purpose.RESET, LetterKind.RESET_PASSWORD, "reset", 1_800),
    ],
)
def test_a_letter_brings_a_link_that_expires(
    purpose: Purpose, kind: LetterKind, page: str, life_s: int
) -> None:
    clock = SetClock()
    links = Links("https://chat.example.org", MailSettings(), clock=clock, chance=CountedChance())

    made = links.to("alice@example.org", ALICE, purpose=purpose)

    assert made.letter.kind is kind
    assert made.letter.to == made.link.email == "alice@example.org"
    assert made.letter.fields == {"link": f"https://chat.example.org/{page}#token=token-1"}
    assert made.link.token_hash == hashed("token-1")
    assert made.link.expires_at == clock.now() + life_s
