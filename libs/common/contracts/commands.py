"""Commands: what one service asks of the one owner of a room or of a person.

A command has one owner and may be refused. It travels in batches: msgpack, each command a small
array `[kind, subject, actor, command_id, ref, origin, connection, request_id, traceparent,
deadline, payload]`. The envelope is decoded for the whole batch, the payload alone, so that one
that cannot be read does not take its neighbours with it.

Law: a change is additive. A new field goes last and is None unless it is used; a new kind gets a
new class here. `tests/contract/golden` keeps a sample of each for ever.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from libs.common.contracts.ids import CommandId, ConnectionId, MessageId, PersonId, Seq
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState

COMMAND_BATCH: Final = "cmd.v1"
"""The type that a batch of commands carries on the bus."""

NONE: Final = b"\xc0"
"""None in msgpack. No text ends with this byte."""


class Payload(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a command of one kind says; the class names the kind."""


def sense(payload: msgspec.Raw) -> bytes:
    """Return of a payload's bytes what is the same whichever release wrote them.

    A release that knows more fields writes a longer array, and None at its end for those that are
    not used. What comes back tells apart payloads of one kind and cannot be read.
    """
    return bytes(payload)[1:].rstrip(NONE)


class PostMessage(Payload, frozen=True):
    """Write a message. Its command id is the client's `client_msg_id`."""

    content: str
    reply_to: MessageId | None = None
    thread_root: MessageId | None = None


class EditMessage(Payload, frozen=True):
    message_id: MessageId
    content: str
    expected_rev: int | None = None


class DeleteMessage(Payload, frozen=True):
    message_id: MessageId


class AddReaction(Payload, frozen=True):
    message_id: MessageId
    emoji: str


class RemoveReaction(Payload, frozen=True):
    message_id: MessageId
    emoji: str


class MarkRead(Payload, frozen=True):
    """Move the read cursor forward to `seq`; it never goes back and never passes the head."""

    seq: Seq


class ProjectRoom(Payload, frozen=True):
    """Rooms tells the owner of the log what the room is now. Ignored unless `version` is new."""

    version: int
    kind: RoomKind
    state: RoomState
    title: str
    topic: str
    slow_mode_s: int
    opens_at: float | None = None
    closes_at: float | None = None
    is_locked: bool | None = None
    is_archived: bool | None = None


class PurgeRoom(Payload, frozen=True):
    """Rooms tells that a room is gone for good, and everything that was written in it with it.
    Ignored unless `version` is new.
    """

    version: int


class ProjectMember(Payload, frozen=True):
    """Rooms tells who is a member now, `role=None` meaning no more. Ignored unless `version` is
    new.

    `muted_until` is what holds now, None for nobody who is muted. `is_blocked`: in a direct room,
    either of the two has blocked the other. `banned_until` is the end of a ban, None for ever.
    `formerly`: who the device of this new guest was last, under another id.
    """

    version: int
    person: Person
    role: RoomRole | None
    departure: Departure | None = None
    muted_until: float | None = None
    is_blocked: bool | None = None
    banned_until: float | None = None
    formerly: PersonId | None = None


class EraseWords(Payload, frozen=True):
    """Take back what the actor, who was erased, wrote: a message of theirs or, given an `emoji`,
    that reaction of theirs to a message.
    """

    message_id: MessageId
    emoji: str | None = None


class LeaseChange(StrEnum):
    OPENED = "opened"
    RENEWED = "renewed"
    CLOSED = "closed"


class ReportLease(Payload, frozen=True):
    """A gateway tells that a connection of the subject lives, with the rooms it is attached to.

    `rooms` is the whole set, not a difference, so that any report repairs all that were lost
    before.
    """

    change: LeaseChange
    connection: ConnectionId
    gateway: str
    rooms: tuple[UUID, ...] = ()


class CompleteReport(Payload, frozen=True):
    """A gateway has reported all leases of this shard since a new roster asked for them; the
    subject is that roster.
    """

    gateway: str
    shard: int


class SetPresence(Payload, frozen=True):
    state: str
    status_text: str | None = None


class SetPrivacy(Payload, frozen=True):
    """Who may know when the subject was last seen: `everybody` who sees them, or `nobody`."""

    last_seen: str


ROOM_PAYLOADS: Final[dict[str, type[Payload]]] = {
    "post": PostMessage,
    "edit": EditMessage,
    "delete": DeleteMessage,
    "add_reaction": AddReaction,
    "remove_reaction": RemoveReaction,
    "read": MarkRead,
    "project_room": ProjectRoom,
    "project_member": ProjectMember,
    "erase": EraseWords,
    "purge_room": PurgeRoom,
}
"""Kinds obeyed by the messages service; the subject is a room."""

PERSON_PAYLOADS: Final[dict[str, type[Payload]]] = {
    "lease": ReportLease,
    "set_presence": SetPresence,
    "set_privacy": SetPrivacy,
    "complete_report": CompleteReport,
}
"""Kinds obeyed by the presence service; the subject is a person, if the class says nothing else."""

_KIND_OF: Final = {payload: kind for kind, payload in (ROOM_PAYLOADS | PERSON_PAYLOADS).items()}


class Command(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One command in its envelope.

    `subject` is the room or the person whose owner obeys. `ref` and `connection` come back with
    the answer, which goes to the queue named `origin` (empty: nobody waits). `deadline` is in
    seconds since 1970: a command not begun by then is refused with `timeout` unless it was done
    before.
    """

    kind: str
    subject: UUID
    actor: Person
    command_id: CommandId
    ref: str | None
    origin: str
    connection: ConnectionId
    request_id: str
    traceparent: str
    deadline: float
    payload: msgspec.Raw


def kind_of(payload: Payload) -> str:
    """Return the kind under which a payload travels."""
    return _KIND_OF[type(payload)]


def read_payload(command: Command, kinds: dict[str, type[Payload]]) -> Payload:
    """Return what the command says.

    Raises: msgspec.ValidationError when the kind is not among `kinds` or the payload does not fit
    it.
    """
    expected = kinds.get(command.kind)
    if expected is None:
        raise msgspec.ValidationError(f"unknown kind of command: {command.kind!r}")
    return msgspec.msgpack.decode(command.payload, type=expected)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[Command])


def write_payload(payload: Payload) -> msgspec.Raw:
    """Return the payload's bytes; equal payloads have equal bytes."""
    return msgspec.Raw(_encoder.encode(payload))


def encode_commands(commands: Sequence[Command]) -> bytes:
    return _encoder.encode(commands)


def decode_commands(body: bytes) -> list[Command]:
    """Return the commands of a batch in order.  Raises: msgspec.ValidationError,
    msgspec.DecodeError.
    """
    return _decoder.decode(body)
