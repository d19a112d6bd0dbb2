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
    extract(epoch FROM room.updated_at)::float8 AS updated_at
"""

MEMBER_COLUMNS: Final = """
    member.room_id, member.person_id, person.kind, person.name, member.role,
    extract(epoch FROM member.since)::float8 AS since
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
    )


def seen_room_of(row: asyncpg.Record) -> SeenRoom:
    """Return the room of a row that has a column `role` too."""
    return SeenRoom(room_of(row), role_of(row["role"]))


def member_of(row: asyncpg.Record) -> Member:
    person = Person(PersonKind(row["kind"]), PersonId(row["person_id"]), row["name"])
    return Member(person, RoomRole(row["role"]), row["since"])


def role_of(stored: str | None) -> RoomRole | None:
    return None if stored is None else RoomRole(stored)
