"""The log of a room: entries 1, 2, 3 without holes, and messages in their present state.

Times are seconds since 1970.
"""

from enum import StrEnum

import msgspec

from libs.common.contracts.frames import MemberShown, RoomShown
from libs.common.contracts.ids import CommandId, MessageId, PersonId, RoomId, Seq
from libs.common.contracts.people import Person


class EntryKind(StrEnum):
    """What happened. The values are the types of the frames that clients see."""

    MESSAGE = "message"
    EDITED = "message_edited"
    DELETED = "message_deleted"
    REACTED = "reaction_added"
    UNREACTED = "reaction_removed"
    JOINED = "member_joined"
    UPDATED = "member_updated"
    LEFT = "member_left"
    ROOM_UPDATED = "room_updated"
    ROOM_OPENED = "room_opened"
    ROOM_CLOSED = "room_closed"
    ROOM_DELETED = "room_deleted"


class Message(msgspec.Struct, frozen=True, gc=False):
    """A message as it is now. One that was deleted keeps its place and has no content.

    `rev` starts at 1 and rises with every edit. `deleted_seq` is the entry that deleted it.
    """

    room_id: RoomId
    seq: Seq
    id: MessageId
    author: Person
    content: str
    created_at: float
    client_msg_id: CommandId
    rev: int = 1
    edited_at: float | None = None
    deleted_at: float | None = None
    deleted_seq: Seq | None = None
    reply_to: MessageId | None = None
    thread_root: MessageId | None = None
    mentions: tuple[PersonId, ...] = ()


class Reactions(msgspec.Struct, frozen=True, gc=False):
    """One emoji on a message, as one reader sees it."""

    emoji: str
    count: int
    is_mine: bool


class PastVersion(msgspec.Struct, frozen=True, gc=False):
    """What a message said before an edit."""

    seq: Seq
    rev: int
    content: str
    written_at: float


Detail = MemberShown | RoomShown | str | int | None
"""What an entry says beyond its message: the member, the room, the emoji, the new `rev`, `ERASED`.
"""

ERASED = "erased"
"""The detail of a deletion that came because its author was erased."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One entry of a room's log.

    `message` is the message that the entry is, or that it is about, in the state in which it is
    to be shown.
    """

    room_id: RoomId
    seq: Seq
    kind: EntryKind
    at: float
    actor: Person
    message: Message | None = None
    detail: Detail = None
