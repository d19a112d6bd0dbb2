"""Entries of the log as clients hear of them: the frame is written once, here.

Live and replayed entries take the same way. Live, an entry's message is as the entry left it;
replayed, as it is now, so that what was deleted since is in no frame any more.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import isinf
from typing import Final, Literal

from libs.common.contracts.events import EVERYBODY, Personal, RoomEvent, Signal
from libs.common.contracts.frames import (
    DeletionShown,
    Durable,
    EditShown,
    MemberJoined,
    MemberLeft,
    MemberShown,
    MemberUpdated,
    MessageDeleted,
    MessageEdited,
    MessageFrame,
    MessageShown,
    PersonShown,
    ReactionAdded,
    ReactionRemoved,
    ReactionShown,
    Receipt,
    ReceiptShown,
    RemovalShown,
    RoomAdded,
    RoomCard,
    RoomClosed,
    RoomDeleted,
    RoomOpened,
    RoomRemoved,
    RoomUpdated,
)
from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.muting import Muted, MuteShown
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import Departure
from libs.common.times import rfc3339
from services.messages.model.log import ERASED, Entry, EntryKind, Message
from services.messages.model.rooms import Member, Room

GONE: Final = "deleted"
"""Why everybody leaves a room that is deleted."""

shown_at = lru_cache(maxsize=1024)(rfc3339)
"""Entries of one batch share their time, and writing a time costs a third of a frame."""


def event(entry: Entry) -> RoomEvent:
    """Return the entry as gateways take it."""
    detach, reason = departure(entry)
    return RoomEvent(entry.room_id, entry.seq, frame(entry).encode(), detach, reason)


def departure(entry: Entry) -> tuple[str | None, str | None]:
    """Return whom the entry takes out of the room's live stream, and why."""
    if entry.kind is EntryKind.LEFT and isinstance(entry.detail, MemberShown):
        return str(entry.detail.person.id), entry.detail.reason
    if entry.kind is EntryKind.ROOM_DELETED:
        return EVERYBODY, GONE
    return None, None


def frame(entry: Entry) -> Durable:
    """Return the frame of an entry."""
    make, shown = FRAMES[entry.kind]
    return make(ts=shown_at(entry.at), room_id=entry.room_id, seq=entry.seq, data=shown(entry))


def message_shown(message: Message) -> MessageShown:
    """Return a message as everybody sees it."""
    return MessageShown(
        id=message.id,
        author=PersonShown.of(message.author),
        content=message.content,
        created_at=shown_at(message.created_at),
        rev=message.rev,
        edited_at=_time(message.edited_at),
        deleted_at=_time(message.deleted_at),
        reply_to=message.reply_to,
        thread_root=message.thread_root,
        mentions=message.mentions,
        client_msg_id=message.client_msg_id,
    )


def personal(entry: Entry, room: Room) -> Personal | None:
    """Return what all connections of a person hear when an entry lets them in or takes them out."""
    match entry:
        case Entry(kind=EntryKind.JOINED, detail=MemberShown(role=RoomRole() as role) as joined):
            return addition(joined.person.id, room, role=role, at=entry.at)
        case Entry(kind=EntryKind.LEFT, detail=MemberShown(reason=Departure() as reason) as left):
            return removal(left.person.id, room.id, reason=reason, at=entry.at)
        case _:
            return None


def addition(person_id: PersonId, room: Room, *, role: RoomRole, at: float) -> Personal:
    """Return what all connections of a person hear who is in the room now."""
    card = RoomCard(room_id=room.id, kind=room.kind, title=room.title, topic=room.topic, role=role)
    added = RoomAdded(ts=shown_at(at), room_id=room.id, data=card)
    return Personal(person_id, added.type, added.encode(), room.id)


def removal(
    person_id: PersonId, room_id: RoomId, *, reason: Departure | Literal["deleted"], at: float
) -> Personal:
    """Return what all connections of a person hear who is in the room no longer."""
    shown = RemovalShown(room_id=room_id, reason=reason)
    removed = RoomRemoved(ts=shown_at(at), room_id=room_id, data=shown)
    return Personal(person_id, removed.type, removed.encode(), room_id)


def muting(member: Member, room_id: RoomId, *, at: float) -> Personal:
    """Return what all connections of a person hear who may write no more, or may again."""
    until = member.muted_until
    is_muted = until is not None and until > at
    shown = MuteShown(
        room_id=room_id,
        is_muted=is_muted,
        until=None if not is_muted or until is None or isinf(until) else rfc3339(until),
    )
    muted = Muted(ts=shown_at(at), room_id=room_id, data=shown)
    return Personal(member.person.id, muted.type, muted.encode(), room_id)


def receipt(room_id: RoomId, person_id: PersonId, read_seq: Seq, *, now: float) -> Signal:
    """Return the signal that tells a room how far somebody has read."""
    shown = ReceiptShown(person_id=person_id, read_seq=read_seq)
    written = Receipt(ts=shown_at(now), room_id=room_id, data=shown)
    return Signal(room_id, "receipt", person_id, written.encode())


def _message(entry: Entry) -> MessageShown:
    return message_shown(_about(entry))


def _edit(entry: Entry) -> EditShown:
    message = _about(entry)
    return EditShown(
        id=message.id,
        content=message.content,
        rev=message.rev,
        by=entry.actor.id,
        edited_at=shown_at(entry.at if message.edited_at is None else message.edited_at),
        deleted_at=_time(message.deleted_at),
    )


def _deletion(entry: Entry) -> DeletionShown:
    message = _about(entry)
    author = PersonShown.of(message.author) if entry.detail == ERASED else None
    return DeletionShown(
        id=message.id, by=entry.actor.id, deleted_at=shown_at(entry.at), author=author
    )


def _reaction(entry: Entry) -> ReactionShown:
    return ReactionShown(
        message_id=_about(entry).id, person=PersonShown.of(entry.actor), emoji=str(entry.detail)
    )


def _detail(entry: Entry) -> object:
    return entry.detail


def _about(entry: Entry) -> Message:
    if entry.message is None:
        raise ValueError(f"an entry of kind {entry.kind} is about a message")
    return entry.message


def _time(at: float | None) -> str | None:
    return None if at is None else shown_at(at)


FRAMES: Final[Mapping[EntryKind, tuple[Callable[..., Durable], Callable[[Entry], object]]]] = {
    EntryKind.MESSAGE: (MessageFrame, _message),
    EntryKind.EDITED: (MessageEdited, _edit),
    EntryKind.DELETED: (MessageDeleted, _deletion),
    EntryKind.REACTED: (ReactionAdded, _reaction),
    EntryKind.UNREACTED: (ReactionRemoved, _reaction),
    EntryKind.JOINED: (MemberJoined, _detail),
    EntryKind.UPDATED: (MemberUpdated, _detail),
    EntryKind.LEFT: (MemberLeft, _detail),
    EntryKind.ROOM_UPDATED: (RoomUpdated, _detail),
    EntryKind.ROOM_OPENED: (RoomOpened, _detail),
    EntryKind.ROOM_CLOSED: (RoomClosed, _detail),
    EntryKind.ROOM_DELETED: (RoomDeleted, _detail),
}
"""For each kind of entry its frame and what stands in the frame's `data`."""
