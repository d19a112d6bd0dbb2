"""How much one client may ask for."""

from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.ids import MessageId
from services.gateway.core import effects
from services.gateway.core.pace import Paces
from services.gateway.core.session import Session
from services.gateway.settings import GatewaySettings
from tests.unit.gateway.fakes import ALICE, LOBBY
from tests.unit.gateway.speaking import (
    NOW,
    closes,
    code,
    only,
    ready_session,
    say,
    some,
    told,
)

ROOM = {"room_id": str(LOBBY)}
MESSAGE = MessageId(ALICE.id)
ABOUT = ROOM | {"message_id": str(MESSAGE)}
SEND = ROOM | {"client_msg_id": "m-1", "content": "hello"}
TYPING = ROOM | {"is_typing": True}


def submit(session: Session, type_: str, data: dict[str, Any], **more: Any) -> effects.Submit:
    return only(say(session, type_, data, **more), effects.Submit)


def test_a_long_message_is_refused() -> None:
    session = ready_session(content_chars=5, content_bytes=8)

    assert submit(session, "send_message", SEND | {"content": "12345"}, ref="1").ref == "1"
    assert code(say(session, "send_message", SEND | {"content": "123456"})) == "too_large"
    assert code(say(session, "send_message", SEND | {"content": "ünïöé"})) == "too_large"
    edit = ABOUT | {"content": "123456"}
    assert code(say(session, "edit_message", edit)) == "too_large"


def burst(session: Session, type_: str, data: dict[str, Any]) -> int:
    """Return how many of these commands pass at once."""
    passed = 0
    while "error" not in [
        frame["type"] for frame in told(say(session, type_, data, ref=str(passed)))
    ]:
        session.duties.pending.settle(str(passed))
        passed += 1
        assert passed < 500
    return passed


@pytest.mark.parametrize(
    ("type_", "data", "allowed"),
    [
        ("send_message", SEND, 10),
        ("add_reaction", ABOUT | {"emoji": "x"}, 10),
        ("read", ROOM | {"seq": 1}, 20),
        ("delete_message", ABOUT, 79),
    ],
)
def test_a_burst_of_each_kind_has_its_bound(type_: str, data: dict[str, Any], allowed: int) -> None:
    assert burst(ready_session(), type_, data) == allowed


def test_joins_have_a_bound_that_covers_a_return() -> None:
    session = ready_session(commands_burst=1_000, rooms_attached=1_000, in_flight=1_000)
    rooms = [str(UUID(int=number)) for number in range(201)]

    wanted = [say(session, "join_room", {"room_id": room}, ref=room) for room in rooms]

    assert sum(len(some(one, effects.Attach)) for one in wanted) == 200
    assert code(wanted[200]) == "rate_limited"


def test_what_a_person_sends_counts_over_all_their_connections() -> None:
    paces = Paces(GatewaySettings())
    phone, laptop = ready_session(paces=paces), ready_session(paces=paces)

    assert burst(phone, "send_message", SEND) == 10
    refusal = told(say(laptop, "send_message", SEND))[0]["data"]
    assert (refusal["code"], refusal["retry_after_ms"]) == ("rate_limited", 200)


def test_a_refused_command_does_not_end_the_session() -> None:
    session = ready_session()

    for number in range(50):
        wanted = say(session, "typing", TYPING, ref=str(number), now=NOW + number)
        assert closes(wanted) == []
