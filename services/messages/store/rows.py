"""How values stand in rows: columns in one order, times as `timestamptz`.

A row of these columns comes back as a tuple, be it a result of its own or one of many in an array,
so one statement can return several kinds of them at once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import inf
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from libs.common.contracts.frames import MemberShown, RoomShown
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from services.messages.model.log import Entry, EntryKind, Message
from services.messages.model.rooms import Member, Room

ROOM: Final = """h.room_id, h.epoch, h.last_seq, h.version, h.kind, h.state, h.title, h.topic,
    h.slow_mode_s, h.opens_at, h.closes_at, h.is_locked, h.is_archived"""

MEMBER: Final = """m.person_kind, m.person_id, m.name, m.role, m.is_banned, m.muted_until,
    m.is_blocked, m.banned_until"""

MESSAGE: Final = """m.room_id, m.seq, m.message_id, m.actor_kind, m.actor_id, m.actor_name,
    m.content, m.at, m.client_msg_id, m.rev, m.edited_at, m.deleted_at, m.deleted_seq,
    m.reply_to, m.thread_root, m.mentions"""

ENTRY: Final = f"""l.room_id, l.seq, l.kind, l.at, l.actor_kind, l.actor_id, l.actor_name,
    CASE WHEN m.message_id IS NOT NULL THEN ROW({MESSAGE}) END, l.detail"""
"""An entry with its message in the present state; joined by `WITH_MESSAGE`."""

WITH_MESSAGE: Final = """LEFT JOIN LATERAL (
        SELECT * FROM log
        WHERE log.room_id = l.room_id AND log.seq = coalesce(l.target_seq, l.seq)
        LIMIT 1
    ) m ON true"""

DETAILS: Final[dict[EntryKind, TypeAdapter[Any]]] = {
    EntryKind.EDITED: TypeAdapter(int),
    EntryKind.DELETED: TypeAdapter(str),
    EntryKind.REACTED: TypeAdapter(str),
    EntryKind.UNREACTED: TypeAdapter(str),
    EntryKind.JOINED: TypeAdapter(MemberShown),
    EntryKind.UPDATED: TypeAdapter(MemberShown),
    EntryKind.LEFT: TypeAdapter(MemberShown),
    EntryKind.ROOM_UPDATED: TypeAdapter(RoomShown),
    EntryKind.ROOM_OPENED: TypeAdapter(RoomShown),
    EntryKind.ROOM_CLOSED: TypeAdapter(RoomShown),
    EntryKind.ROOM_DELETED: TypeAdapter(RoomShown),
}
"""What `detail` holds, for the kinds of entries that have one."""

FOR_EVER: Final = datetime.max  # noqa: DTZ901 - asyncpg's word for Postgres' `infinity`


def room_of(row: Sequence[Any]) -> Room:
    room_id, epoch, head_seq, version, kind, state, title, topic, slow_mode_s = row[:9]
    opens_at, closes_at, is_locked, is_archived = row[9:]
    return Room(
        room_id, epoch, head_seq, version, RoomKind(kind), RoomState(state), title, topic,
        slow_mode_s, seconds(opens_at), seconds(closes_at), is_locked, is_archived,
    )  # fmt: skip


def member_of(row: Sequence[Any]) -> Member:
    kind, person_id, name, role, is_banned, muted_until, is_blocked, banned_until = row
    return Member(
        Person(PersonKind(kind), person_id, name),
        None if role is None else RoomRole(role),
        is_banned,
        seconds(muted_until),
        is_blocked,
        seconds(banned_until),
    )


def message_of(row: Sequence[Any]) -> Message:
    """Return a message from the columns `MESSAGE`."""
    room_id, seq, message_id, kind, actor_id, name, content, at, client_msg_id, rev = row[:10]
    edited_at, deleted_at, deleted_seq, reply_to, thread_root, mentions = row[10:]
    return Message(
        room_id=room_id,
        seq=seq,
        id=message_id,
        author=Person(PersonKind(kind), actor_id, name),
        content=content,
        created_at=at.timestamp(),
        client_msg_id=client_msg_id,
        rev=rev,
        edited_at=seconds(edited_at),
        deleted_at=seconds(deleted_at),
        deleted_seq=deleted_seq,
        reply_to=reply_to,
        thread_root=thread_root,
        mentions=tuple(mentions),
    )


def entry_of(row: Sequence[Any]) -> Entry:
    """Return an entry from the columns `ENTRY`."""
    room_id, seq, kind, at, actor_kind, actor_id, actor_name, message, detail = row
    kind = EntryKind(kind)
    return Entry(
        room_id=room_id,
        seq=seq,
        kind=kind,
        at=at.timestamp(),
        actor=Person(PersonKind(actor_kind), actor_id, actor_name),
        message=None if message is None else message_of(message),
        detail=None if detail is None else DETAILS[kind].validate_json(detail),
    )


def detail_json(entry: Entry) -> bytes | None:
    """Return what goes into the column `detail`."""
    return None if entry.detail is None else DETAILS[entry.kind].dump_json(entry.detail)


def moment(at: float | None) -> datetime | None:
    """Return seconds since 1970 as Postgres takes them; infinite is for ever."""
    if at is None:
        return None
    return FOR_EVER if at == inf else datetime.fromtimestamp(at, UTC)


def seconds(at: datetime | None) -> float | None:
    if at is None:
        return None
    return inf if at == FOR_EVER else at.timestamp()


def uuid_array(ids: Sequence[UUID]) -> str:
    """Return ids as the text of an array: `unnest` would flatten an array of arrays."""
    return "{" + ",".join(map(str, ids)) + "}"


def columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Return rows as the arrays that `unnest` takes, `width` of them even if there are no rows."""
    return [[row[at] for row in rows] for at in range(width)]
