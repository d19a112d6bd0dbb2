"""Rooms, people and commands as the rules of messages meet them."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from libs.common.contracts.acks import Acknowledged
from libs.common.contracts.commands import Command, Payload, kind_of, write_payload
from libs.common.contracts.ids import (
    CommandId,
    ConnectionId,
    Epoch,
    MessageId,
    PersonId,
    RoomId,
    Seq,
)
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import ChatError
from libs.common.ratelimit import Limit
from services.messages.core.decide import TOLD_BY_ROOMS, Decision, decide
from services.messages.core.draft import Circumstances
from services.messages.core.habits import Habits, Lately
from services.messages.core.limits import Limits
from services.messages.core.pace import Pace
from services.messages.model.changes import Asked, Known
from services.messages.model.log import EntryKind, Message
from services.messages.model.rooms import Member, Room
from tests.support.clock import TEN_O_CLOCK

ALICE = Person(PersonKind.USER, PersonId(UUID(int=1, version=4)), "Alice")
BOB = Person(PersonKind.USER, PersonId(UUID(int=2, version=4)), "Bob")
CHARLIE = Person(PersonKind.USER, PersonId(UUID(int=3, version=4)), "Charlie")
LOBBY = RoomId(UUID(int=11, version=4))
HELLO = MessageId(UUID(int=21, version=4))

LIMITS = Limits(
    content_chars=4000,
    content_bytes=16384,
    mentions=50,
    emoji_per_person=3,
    room_sends=Limit(per_s=30, burst=60),
)

ACKS: Final[TypeAdapter[Acknowledged]] = TypeAdapter(Acknowledged)

_numbers = count(1)


def room(**changes: Any) -> Room:
    """Return an open private room with five entries, unless told otherwise."""
    values: dict[str, Any] = {
        "id": LOBBY,
        "epoch": Epoch("epoch"),
        "head_seq": Seq(5),
        "version": 3,
        "kind": RoomKind.PRIVATE,
        "state": RoomState.OPEN,
        "title": "Lobby",
        "topic": "",
        "slow_mode_s": 0,
    }
    return Room(**(values | changes))


def message(**changes: Any) -> Message:
    """Return what Bob has said at seq 4."""
    values: dict[str, Any] = {
        "room_id": LOBBY,
        "seq": Seq(4),
        "id": HELLO,
        "author": BOB,
        "content": "hello",
        "created_at": TEN_O_CLOCK - 60,
        "client_msg_id": CommandId("m-0"),
    }
    return Message(**(values | changes))


def known(
    at: Room | None = None, *messages: Message, is_complete: bool = True, **more: Any
) -> Known:
    """Return a room of Alice, its owner, and Bob; Charlie is not in."""
    return Known(
        room=at or room(),
        members={
            ALICE.id: Member(ALICE, RoomRole.OWNER),
            BOB.id: Member(BOB, RoomRole.MEMBER),
            CHARLIE.id: None,
        },
        is_complete=is_complete,
        messages={one.id: one for one in messages},
        **more,
    )


def asked(
    person: Person,
    payload: Payload,
    *,
    command_id: str | None = None,
    deadline: float = TEN_O_CLOCK + 10,
    is_redelivered: bool = False,
) -> Asked:
    """Return a command as it was read; without an id it is one that was never sent before."""
    number = next(_numbers)
    body = write_payload(payload)
    command = Command(
        kind=kind_of(payload),
        subject=LOBBY,
        actor=person,
        command_id=CommandId(command_id or f"command-{number}"),
        ref=str(number),
        origin="gateway",
        connection=ConnectionId("phone"),
        request_id="",
        traceparent="",
        deadline=deadline,
        payload=body,
    )
    return Asked(
        place=number,
        command=command,
        payload=payload,
        content_hash=bytes(body)[-16:],
        is_redelivered=is_redelivered,
    )


def habits(*, same_text: int = 0, mentions: int = 0, links: int = 0) -> Habits:
    """Return what people may do again and again within ten seconds; 0: anything."""
    return Habits(
        words=Lately(limit=same_text, window_s=10, max_keys=100),
        mentions=Lately(limit=mentions, window_s=10, max_keys=100),
        links=Lately(limit=links, window_s=10, max_keys=100),
    )


def around(
    *, now: float = TEN_O_CLOCK, limits: Limits = LIMITS, over: Habits | None = None
) -> Circumstances:
    """Return circumstances in which ids are counted from 100; `over` are people's habits."""
    ids = count(100)
    return Circumstances(
        now=now,
        now_ns=int(now * 1e9),
        limits=limits,
        habits=over or habits(),
        new_id=lambda: MessageId(UUID(int=next(ids), version=4)),
    )


def decided(
    upon: Known,
    *commands: Asked,
    pace: Pace | None = None,
    circumstances: Circumstances | None = None,
) -> Decision:
    """Decide commands to the lobby."""
    return decide(LOBBY, upon, commands, pace=pace or Pace(), around=circumstances or around())


def entries(decision: Decision) -> list[tuple[int, EntryKind]]:
    return [(entry.seq, entry.kind) for entry in decision.change.entries]


def said(decision: Decision) -> list[Any]:
    """Return what each sender is told: the ack's data, or the refusal's code."""
    return [
        reply.said.code if isinstance(reply.said, ChatError) else _shown(reply.asked, reply.said)
        for reply in decision.replies
    ]


def _shown(asked: Asked, ack: Mapping[str, Any]) -> dict[str, Any]:
    """Return an ack's data. What a client said is answered as clients are told that it is."""
    if asked.command.kind not in TOLD_BY_ROOMS:
        ACKS.validate_python(ack)
    return dict(ack)


def only(decision: Decision) -> Any:
    """Return what the one sender is told."""
    [answer] = said(decision)
    return answer


def refusal(decision: Decision) -> ChatError:
    """Return the one refusal."""
    [reply] = decision.replies
    assert isinstance(reply.said, ChatError)
    return reply.said


def is_nothing_written(decision: Decision) -> bool:
    change = decision.change
    return not (change.entries or change.outcomes or change.members or change.reads)


def positions(commands: Sequence[Asked]) -> list[int]:
    return [one.place for one in commands]
