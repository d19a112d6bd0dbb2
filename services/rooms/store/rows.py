"""How rows become values of the domain, and the columns that it takes."""

from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from services.rooms.model import Member, Room, SeenRoom

ROOM_COLUMNS: Final = """
    room.id, room.kind, room.state, room.title, room.title_key, room.topic, room.slow_mode_s,
    room.owner_id, room.version, room.member_count,
    extract(epoch FROM room.created_at)::float8 AS created_at,
    extract(epoch FROM room.updated_at)::float8 AS updated_at,
    extract(epoch FROM room.opens_at)::float8 AS opens_at,
    extract(epoch FROM room.closes_at)::float8 AS closes_at,
    extract(epoch FROM room.archived_at)::float8 AS archived_at,
    extract(epoch FROM room.deleted_at)::float8 AS deleted_at,
    extract(epoch FROM room.locked_until)::float8 AS locked_until,
    room.purge_after_s, room.state_before, room.max_members, room.is_locked
"""

STANDING_COLUMNS: Final = """
    member.role, extract(epoch FROM member.muted_until)::float8 AS muted_until,
    coalesce(member.is_blocked, false) AS is_blocked
"""
"""Of `room LEFT JOIN member`: how one person stands in it, but for a ban."""

MEMBER_COLUMNS: Final = """
    member.room_id, member.person_id, person.kind, person.name, member.role,
    extract(epoch FROM member.since)::float8 AS since,
    extract(epoch FROM member.muted_until)::float8 AS muted_until
"""
"""Of `member JOIN person`."""


def room_of(row: asyncpg.Record) -> Room:
    return Room(
        id=RoomId(row["id"]),
        kind=RoomKind(row["kind"]),
        state=RoomState(row["state"]),
        title=row["title"],
        title_key=row["title_key"],
        topic=row["topic"],
        slow_mode_s=row["slow_mode_s"],
        owner_id=PersonId(row["owner_id"]),
        version=row["version"],
        member_count=row["member_count"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        purge_after_s=row["purge_after_s"],
        archived_at=row["archived_at"],
        deleted_at=row["deleted_at"],
        state_before=None if row["state_before"] is None else RoomState(row["state_before"]),
        max_members=row["max_members"],
        is_locked=row["is_locked"],
        locked_until=row["locked_until"],
    )


def seen_room_of(row: asyncpg.Record) -> SeenRoom:
    """Return the room of a row that has `STANDING_COLUMNS` and `is_banned` too."""
    return SeenRoom(
        room_of(row),
        role_of(row["role"]),
        is_banned=row["is_banned"],
        muted_until=row["muted_until"],
        is_blocked=row["is_blocked"],
    )


def member_of(row: asyncpg.Record) -> Member:
    person = Person(PersonKind(row["kind"]), PersonId(row["person_id"]), row["name"])
    return Member(person, RoomRole(row["role"]), row["since"], row["muted_until"])


def role_of(stored: str | None) -> RoomRole | None:
    return None if stored is None else RoomRole(stored)
