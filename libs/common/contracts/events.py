"""Events and signals: what the owners of rooms and people tell the gateways.

An event is a durable fact of one room with its `seq`; a signal is ephemeral and may be lost. Both
carry the client's frame as bytes made once by the owner: a gateway reads the room and the seq,
never the frame. Batches are msgpack lists of small arrays.

Law: additive, like commands.
"""

from collections.abc import Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec

from libs.common.contracts.ids import ConnectionId, PersonId, RoomId, Seq

EVENT_BATCH: Final = "evt.v1"
SIGNAL_BATCH: Final = "sig.v1"
PERSONAL_BATCH: Final = "per.v1"
HEAD_DIGEST: Final = "head.v1"
ANSWER_BATCH: Final = "ans.v1"
ROSTER_BATCH: Final = "ros.v1"

EVERYBODY: Final = "*"


class RoomEvent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of a room's log, ready to be delivered.

    `detach` names whom this event takes out of the room's live stream (a person's id, or
    `EVERYBODY` when the room is gone): they hear this event and nothing after it. `reason` is
    what they are told.
    """

    room_id: RoomId
    seq: Seq
    frame: bytes
    detach: str | None = None
    reason: str | None = None


SignalKind = Literal["typing", "presence", "receipt"]


class Signal(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Something about a person in a room that the next one of the same kind makes worthless.

    What is about the room as a whole has the room's id in the place of the person's.
    """

    room_id: RoomId
    kind: SignalKind
    person_id: PersonId
    frame: bytes
    not_to: ConnectionId | None = None


class Personal(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A frame for every connection of one person: `room_added`, `room_removed`, `room_head`."""

    person_id: PersonId
    kind: str
    frame: bytes
    room_id: UUID | None = None


class RoomHead(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How far a room's log goes: what a gateway compares so that a lost last event is noticed."""

    room_id: RoomId
    seq: Seq


class RosterStarted(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Presence has a new roster with nobody in it: gateways are to report all leases again, and to
    say when those were all.
    """

    roster: UUID


class Answer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The one answer to a command with a `ref`: an `ack` or an `error` frame."""

    connection: ConnectionId
    ref: str
    frame: bytes


_encoder = msgspec.msgpack.Encoder()
_events = msgspec.msgpack.Decoder(list[RoomEvent])
_signals = msgspec.msgpack.Decoder(list[Signal])
_personal = msgspec.msgpack.Decoder(list[Personal])
_heads = msgspec.msgpack.Decoder(list[RoomHead])
_answers = msgspec.msgpack.Decoder(list[Answer])
_rosters = msgspec.msgpack.Decoder(list[RosterStarted])


def encode_batch(
    items: Sequence[RoomEvent]
    | Sequence[Signal]
    | Sequence[Personal]
    | Sequence[RoomHead]
    | Sequence[Answer]
    | Sequence[RosterStarted],
) -> bytes:
    return _encoder.encode(items)


def decode_events(body: bytes) -> list[RoomEvent]:
    return _events.decode(body)


def decode_signals(body: bytes) -> list[Signal]:
    return _signals.decode(body)


def decode_personal(body: bytes) -> list[Personal]:
    return _personal.decode(body)


def decode_heads(body: bytes) -> list[RoomHead]:
    return _heads.decode(body)


def decode_answers(body: bytes) -> list[Answer]:
    return _answers.decode(body)


def decode_rosters(body: bytes) -> list[RosterStarted]:
    return _rosters.decode(body)
