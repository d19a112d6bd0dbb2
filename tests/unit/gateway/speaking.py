"""A session to talk to, and short words for what it answers."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from libs.common.contracts.ids import ConnectionId, Epoch, RoomId, Seq, SessionId
from libs.common.contracts.internal import RoomStanding
from libs.common.contracts.people import Person, RoomRole
from services.gateway.core import effects
from services.gateway.core.bearer import Bearer
from services.gateway.core.effects import Effect
from services.gateway.core.pace import Paces
from services.gateway.core.places import Place
from services.gateway.core.session import Session
from services.gateway.settings import GatewaySettings
from tests.unit.gateway.fakes import ALICE, LOBBY

NOW = 1_000.0
LIFE_S = 900.0
E = TypeVar("E")

CONNECTION = ConnectionId("c-1")
SESSION = SessionId(ALICE.id)


def new_session(*, paces: Paces | None = None, **knobs: Any) -> Session:
    settings = GatewaySettings(**knobs)
    paces = paces or Paces(settings)
    return Session(CONNECTION, settings=settings, paces=paces, spread=0.0, now=NOW)


def bearer(person: Person = ALICE, **more: Any) -> Bearer:
    said: dict[str, Any] = {
        "session_id": SessionId(person.id),
        "expires_at": NOW + LIFE_S,
        "expires_text": "later",
        "room_id": None,
    }
    return Bearer(person=person, **said | more)


def ready_session(**knobs: Any) -> Session:
    """Return Alice's session, attached to no room."""
    session = new_session(**knobs)
    say(session, "auth", {"token": "t"})
    session.admit(bearer(), [], NOW, presence_state="online")
    return session


def joined_session(role: RoomRole | None = RoomRole.MEMBER, **knobs: Any) -> Session:
    """Return Alice's session, attached to the lobby."""
    session = ready_session(**knobs)
    session.duties.places.join([LOBBY])
    session.duties.places.joined(LOBBY, Place(role, Seq(0), 0.0))
    return session


def standing(room_id: RoomId = LOBBY, **more: Any) -> RoomStanding:
    known: dict[str, Any] = {"epoch": Epoch("e"), "head_seq": Seq(7), "role": RoomRole.MEMBER}
    return RoomStanding(person_id=ALICE.id, room_id=room_id, **known | more)


def say(
    session: Session,
    type_: str,
    data: Mapping[str, Any] | None = None,
    *,
    ref: str | None = "r",
    now: float = NOW,
) -> list[Effect]:
    frame = {"type": type_, "ref": ref, "data": data or {}}
    return hear(session, {key: v for key, v in frame.items() if v is not None}, now=now)


def hear(session: Session, frame: Any, *, now: float = NOW) -> list[Effect]:
    return session.hear(json.dumps(frame).encode(), now)


def only(wanted: list[Effect], kind: type[E]) -> E:
    """Return the one effect, which is of this kind."""
    [effect] = wanted
    assert isinstance(effect, kind), effect
    return effect


def some(wanted: list[Effect], kind: type[E]) -> list[E]:
    return [effect for effect in wanted if isinstance(effect, kind)]


def told(wanted: list[Effect]) -> list[dict[str, Any]]:
    """Return the frames that are told, as clients read them."""
    return [json.loads(one.frame.stamped("now")) for one in some(wanted, effects.Tell)]


def code(wanted: list[Effect]) -> str:
    """Return the code of the one refusal."""
    [frame] = told(wanted)
    assert frame["type"] == "error"
    return str(frame["data"]["code"])


def closes(wanted: list[Effect]) -> list[tuple[int, str]]:
    return [(int(one.code), one.reason) for one in some(wanted, effects.Close)]
