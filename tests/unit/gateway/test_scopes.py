"""What an API token may say on a socket, and that it opens one only if it may hear."""

import json
from typing import Any, get_args
from uuid import UUID

import pytest

from libs.common.contracts.scopes import Scope
from libs.common.errors import Forbidden, Unauthorized, Unavailable
from libs.common.permissions.scopes import InsufficientScope
from services.gateway.core import effects as do
from services.gateway.core.effects import Effect
from services.gateway.core.refusals import CloseCode
from services.gateway.core.scopes import SCOPES
from services.gateway.core.session import Session
from services.gateway.frames import said
from tests.unit.gateway.fakes import LOBBY
from tests.unit.gateway.speaking import NOW, bearer, new_session, say, told

ROOM = {"room_id": str(LOBBY)}
MESSAGE = ROOM | {"message_id": str(UUID(int=5))}

COMMANDS: dict[str, dict[str, Any]] = {
    "resume": {"rooms": []},
    "join_room": ROOM,
    "leave_room": ROOM,
    "sync": ROOM | {"after_seq": 0, "limit": 1},
    "read": ROOM | {"seq": 1},
    "refresh": {"token": "t"},
    "typing": ROOM | {"is_typing": False},
    "send_message": ROOM | {"client_msg_id": "m", "content": "hi"},
    "edit_message": MESSAGE | {"content": "hi"},
    "delete_message": MESSAGE,
    "add_reaction": MESSAGE | {"emoji": "+1"},
    "remove_reaction": MESSAGE | {"emoji": "+1"},
    "set_presence": {"state": "away"},
}


def session_with(*scopes: Scope) -> Session:
    """Return the session of a token that is good for these."""
    session = new_session()
    say(session, "auth", {"token": "hbt_x"})
    session.admit(bearer(scopes=frozenset(scopes)), [], NOW, presence_state="online")
    return session


def command(session: Session, type_: str) -> list[Effect]:
    frame = {"type": type_, "ref": f"r-{type_}", "data": COMMANDS[type_]}
    return list(session.hear(json.dumps(frame).encode(), NOW))


def codes(effects: list[Effect]) -> list[str]:
    """Return the codes of the refusals among these."""
    return [frame["data"]["code"] for frame in told(effects) if frame["type"] == "error"]


def test_every_command_has_a_scope() -> None:
    known = {model for part in get_args(said.Known) for model in (get_args(part) or (part,))}

    assert set(SCOPES) == known
    assert set(COMMANDS) == {get_args(model.model_fields["type"].annotation)[0] for model in known}


@pytest.mark.parametrize("scope", Scope)
def test_a_command_is_obeyed_for_its_scope_and_refused_for_any_other(scope: Scope) -> None:
    needed = {get_args(one.model_fields["type"].annotation)[0]: SCOPES[one] for one in SCOPES}

    for type_ in COMMANDS:
        refused = "insufficient_scope" in codes(command(session_with(scope), type_))
        assert refused is (needed[type_] is not scope), type_


def test_a_refused_command_is_not_counted_as_being_on_its_way() -> None:
    session = session_with(Scope.MESSAGES_READ)

    command(session, "send_message")

    assert len(session.duties.pending) == 0


def test_a_ping_and_an_end_need_no_scope() -> None:
    session = session_with(Scope.MESSAGES_READ)

    assert codes(list(session.hear(b'{"type":"ping","ref":"p"}', NOW))) == []


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (InsufficientScope(), CloseCode.UNAUTHENTICATED),
        (Forbidden(), CloseCode.UNAUTHENTICATED),
        (Unauthorized(), CloseCode.UNAUTHENTICATED),
        (Unavailable(), CloseCode.LATER),
    ],
)
def test_who_needs_another_token_is_not_asked_to_come_back_with_this_one(
    refusal: Forbidden | Unauthorized | Unavailable, code: CloseCode
) -> None:
    session = new_session()
    say(session, "auth", {"token": "hbt_x"})

    closings = [one.code for one in session.deny(refusal) if isinstance(one, do.Close)]

    assert closings == [code]
