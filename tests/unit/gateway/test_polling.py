"""What a poll knows of its rooms, and how its end is said."""

import pytest

from libs.common.contracts.ids import Epoch, RoomId, Seq
from services.gateway.connection.endings import refusal_of
from services.gateway.core.effects import From
from services.gateway.core.polling import Progress
from services.gateway.core.refusals import CloseCode
from services.gateway.frames.heard import NotRecovered, Recovered
from services.gateway.frames.polled import CursorShown, NotAttachedShown
from tests.unit.gateway.fakes import ATTIC, LOBBY

EPOCH = Epoch("e")
WANTED = (From(LOBBY, Seq(3), EPOCH), From(ATTIC, Seq(5), EPOCH))

HEARD = Recovered(room_id=LOBBY, from_seq=Seq(3), to=Seq(4))
GONE = NotRecovered(room_id=ATTIC, reason="not_found")
AWAY = NotRecovered(room_id=ATTIC, reason="unavailable")
GAP = NotRecovered(room_id=ATTIC, reason="too_many")


def nowhere(room_id: RoomId) -> None:
    return None


def everywhere(room_id: RoomId) -> tuple[Seq, Epoch]:
    return Seq(9), EPOCH


def reason(shown: object) -> str:
    assert isinstance(shown, NotAttachedShown)
    return shown.reason


def test_a_room_is_heard_as_far_as_the_hub_says() -> None:
    progress = Progress(WANTED, only=None)
    progress.resumed([HEARD, GAP], nowhere)

    assert progress.cursors(everywhere, ()) == {
        LOBBY: CursorShown(seq=Seq(9), epoch=EPOCH),
        ATTIC: CursorShown(seq=Seq(9), epoch=EPOCH),
    }


def test_a_room_that_was_taken_away_is_not_found() -> None:
    progress = Progress(WANTED, only=None)
    progress.resumed([HEARD, GAP], nowhere)

    assert reason(progress.cursors(nowhere, {LOBBY})[LOBBY]) == "not_found"


def test_before_anything_is_known_a_room_is_to_be_asked_for_again() -> None:
    cursors = Progress(WANTED, only=None).cursors(nowhere, ())

    assert [reason(shown) for shown in cursors.values()] == ["unavailable", "unavailable"]


def test_a_room_of_which_a_part_was_sent_goes_on_behind_that_part() -> None:
    progress = Progress(WANTED, only=None)
    progress.resumed([HEARD, AWAY], everywhere)

    assert progress.cursors(nowhere, ())[ATTIC] == CursorShown(seq=Seq(9), epoch=EPOCH)


def test_a_token_for_one_room_opens_no_other() -> None:
    progress = Progress(WANTED, only=LOBBY)
    progress.resumed([HEARD], everywhere)

    assert reason(progress.cursors(everywhere, ())[ATTIC]) == "not_found"


@pytest.mark.parametrize(
    ("outcomes", "news", "doubts", "in_vain"),
    [
        ([], False, False, False),
        ([HEARD, GAP], False, False, False),
        ([HEARD, GONE], True, False, False),
        ([HEARD, AWAY], False, True, False),
        ([AWAY], False, True, True),
    ],
)
def test_what_can_be_said_of_the_rooms_alone(
    outcomes: list[Recovered | NotRecovered], *, news: bool, doubts: bool, in_vain: bool
) -> None:
    progress = Progress(WANTED, only=None)
    progress.resumed(outcomes, nowhere)

    assert (progress.has_news, progress.has_doubts, progress.is_in_vain) == (news, doubts, in_vain)


def test_a_first_cursor_is_news() -> None:
    assert Progress([From(LOBBY)], only=None).has_news


@pytest.mark.parametrize(
    ("code", "why", "status", "word"),
    [
        (CloseCode.UNAUTHENTICATED, "revoked", 401, "session_revoked"),
        (CloseCode.UNAUTHENTICATED, "expired", 401, "token_expired"),
        (CloseCode.DISABLED, "disabled", 401, "session_revoked"),
        (CloseCode.REPLACED, "", 429, "rate_limited"),
        (CloseCode.RESTART, "", 503, "draining"),
        (CloseCode.SLOW, "", 503, "unavailable"),
        (CloseCode.OUR_FAULT, "", 500, "internal"),
    ],
)
def test_an_end_without_a_socket_is_a_refusal(
    code: CloseCode, why: str, status: int, word: str
) -> None:
    refusal = refusal_of(code, why, retry_after_ms=5)

    assert (refusal.status, refusal.code) == (status, word)
    assert (refusal.retry_after_ms == 5) == (status != 401)
