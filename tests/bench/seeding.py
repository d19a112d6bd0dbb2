"""Fills the tables of a running Hubbub with more than could be said in an hour.

What stands there is what the services would have written, but for the ids of commands long done,
which nobody asks for again. Ids follow from numbers, so the same rooms can be found again.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final, NewType
from uuid import UUID

import asyncpg

from libs.common.contracts.people import Person
from services.nodes.postgres.options import SUPERUSER

if TYPE_CHECKING:
    from asyncpg.connection import Connection

Database = NewType("Database", "Connection[asyncpg.Record]")

PORT_LINE: Final = 3
SOCKET_FOLDER_LINE: Final = 4

DIRECT_SHARE: Final = 5
"""One room in so many is a direct one."""

PEOPLE: Final = """
    INSERT INTO rooms.person (id, kind, name, system_role, is_disabled, version)
    SELECT md5('person ' || number)::uuid, 'user', 'Person ' || number, 'member', false, 1
    FROM generate_series(1, $1) AS number
"""

READER: Final = """
    INSERT INTO rooms.person (id, kind, name, system_role, is_disabled, version)
    VALUES ($1, 'user', $2, 'member', false, 1)
    ON CONFLICT (id) DO NOTHING
"""

# Each room has the reader and one other person in it.
ROOMS: Final = (
    """
    INSERT INTO rooms.room (
        id, kind, state, title, title_key, topic, slow_mode_s, owner_id, version, member_count,
        created_at, updated_at
    )
    SELECT id, kind, 'open', title, lower(title), '', 0, other_id, 3, 2, now(), now() FROM made
    """,
    """
    INSERT INTO rooms.member (room_id, person_id, name, name_key, role, since)
    SELECT id, person_id, name, lower(name), role, now() - interval '90 days'
    FROM made CROSS JOIN LATERAL (
        VALUES ($2::uuid, $3, 'member'), (other_id, other_name, 'owner')
    ) AS one (person_id, name, role)
    """,
    """
    INSERT INTO messages.room_head (
        room_id, epoch, last_seq, version, written_at, message_at, kind, state, title, topic,
        slow_mode_s
    )
    SELECT id, 'e', 2 + $4, 3, last_at, last_at, kind, 'open', title, '', 0 FROM made
    """,
    """
    INSERT INTO messages.member (
        room_id, person_id, person_kind, name, role, is_banned, since
    )
    SELECT id, person_id, 'user', name, role, false, now() - interval '90 days'
    FROM made CROSS JOIN LATERAL (
        VALUES ($2::uuid, $3, 'member'), (other_id, other_name, 'owner')
    ) AS one (person_id, name, role)
    """,
    """
    INSERT INTO messages.receipt (room_id, person_id, read_seq)
    SELECT id, $2::uuid, 2 + $4 - (number * 7919) % ($4 / 5 + 1) FROM made
    """,
    """
    INSERT INTO messages.log (
        room_id, seq, kind, at, actor_kind, actor_id, actor_name, message_id, client_msg_id,
        content, rev, mentions
    )
    SELECT id, 2 + said, 'message', last_at - ($4 - said) * interval '1 minute', 'user',
        CASE WHEN said % 3 = 0 THEN $2::uuid ELSE other_id END,
        CASE WHEN said % 3 = 0 THEN $3 ELSE other_name END,
        md5(number || ' said ' || said)::uuid, 'm' || said,
        'What was said as number ' || said || ' in ' || title, 1, '{}'
    FROM made CROSS JOIN generate_series(1, $4) AS said
    """,
)

MADE: Final = f"""
    WITH made AS (
        SELECT md5('room ' || number)::uuid AS id, number,
            CASE WHEN number % {DIRECT_SHARE} = 0 THEN 'direct' ELSE 'private' END AS kind,
            CASE WHEN number % {DIRECT_SHARE} = 0 THEN '' ELSE 'Room ' || number END AS title,
            md5('person ' || number)::uuid AS other_id, 'Person ' || number AS other_name,
            now() - number * interval '10 minutes' AS last_at
        FROM generate_series(1, $1) AS number
        WHERE $2::uuid IS NOT NULL AND $3::text IS NOT NULL AND $4::integer IS NOT NULL
    )
"""

CROWD: Final = (
    """
    INSERT INTO rooms.member (room_id, person_id, name, name_key, role, since)
    SELECT $1, md5('person ' || number)::uuid, 'Person ' || number, 'person ' || number, 'member',
        now()
    FROM generate_series(1, $2) AS number
    """,
    """
    INSERT INTO messages.member (room_id, person_id, person_kind, name, role, is_banned)
    SELECT $1, md5('person ' || number)::uuid, 'user', 'Person ' || number, 'member', false
    FROM generate_series(1, $2) AS number
    """,
    "UPDATE rooms.room SET member_count = member_count + $2 WHERE id = $1",
)

SETTLE: Final = (
    "VACUUM ANALYZE rooms.person, rooms.room, rooms.member",
    "VACUUM ANALYZE messages.room_head, messages.member, messages.receipt, messages.log",
    "CHECKPOINT",
)
"""What Postgres does by itself a minute later, and would do while something is measured."""


async def connected(folder: Path) -> Database:
    """Return a connection to the Postgres of a Hubbub, with all rights; it ends with its loop."""
    lines = (folder / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()
    return Database(
        await asyncpg.connect(
            host=lines[SOCKET_FOLDER_LINE],
            port=int(lines[PORT_LINE]),
            user=SUPERUSER,
            database="hubbub",
        )
    )


async def seed_people(database: Database, people: int) -> None:
    """Make people of whom the rooms service has heard and who never come."""
    await database.execute(PEOPLE, people)


async def seed_rooms(database: Database, reader: Person, *, rooms: int, messages: int) -> None:
    """Make rooms with messages in them, for a reader who has read at least four fifths of each.

    There are at least as many people as rooms.
    """
    await database.execute(READER, reader.id, reader.name)
    for statement in ROOMS:
        await database.execute(MADE + statement, rooms, reader.id, reader.name, messages)


async def seed_members(database: Database, room_id: UUID, *, people: int) -> None:
    """Let so many of these people be members of a room."""
    for statement in CROWD:
        used = [room_id, people]
        await database.execute(statement, *used)


async def settle(database: Database) -> None:
    for statement in SETTLE:
        await database.execute(statement)
