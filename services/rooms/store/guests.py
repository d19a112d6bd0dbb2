"""Guest rooms in Postgres: their doors, who came in by them, and who is to be shut out.

Whatever ends a guest calls `end` in its own transaction. Their tokens are void, and their alias is
free again, as soon as auth has heard of it, which `EndingStore` sees to.
"""

from collections.abc import Collection, Sequence
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind
from libs.common.errors import Conflict
from libs.common.postgres import Connection, Database
from services.rooms.model import Door, Guest, Room
from services.rooms.store.rows import ROOM_COLUMNS, room_of

OPEN_DOOR: Final = """
    INSERT INTO guest_door (room_id, slug, password_hash) VALUES ($1, $2, $3)
"""

CHANGE_DOOR: Final = "UPDATE guest_door SET password_hash = $2 WHERE room_id = $1"

OPENED_BY: Final = "SELECT password_hash FROM guest_door WHERE room_id = $1"

DOORS: Final = "SELECT room_id, slug, password_hash FROM guest_door WHERE room_id = ANY($1)"

FIND: Final = f"""
    SELECT {ROOM_COLUMNS}, guest_door.slug, guest_door.password_hash, person.name AS facilitator
    FROM guest_door
    JOIN room ON room.id = guest_door.room_id
    JOIN person ON person.id = room.owner_id
    WHERE guest_door.slug = $1 AND room.state <> 'deleted'
"""

# Names of those with an account, whom no guest may be taken for.
NAMES: Final = """
    SELECT person.name FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = $1 AND member.role <> 'guest'
"""

KNOW: Final = """
    INSERT INTO person (id, kind, name, system_role, is_disabled, version)
    VALUES ($1, 'guest', $2, 'member', false, 1)
"""

INSERT: Final = """
    INSERT INTO guest (person_id, room_id, alias, device_hash, began_at, refreshed_at)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8), to_timestamp($5::float8))
"""

TAKE_LOOKS: Final = """
    INSERT INTO guest_look (room_id, look, person_id)
    SELECT $1, look, $3 FROM unnest($2::text[]) AS look ORDER BY look
    ON CONFLICT (room_id, look) DO NOTHING
    RETURNING true
"""

SAME: Final = """
    SELECT guest.person_id, guest.alias FROM guest
    JOIN guest_look USING (room_id, person_id)
    WHERE room_id = $1 AND guest_look.look = ANY($2) AND device_hash = $3 AND ended_at IS NULL
    LIMIT 1
"""

REFRESHED: Final = """
    UPDATE guest SET refreshed_at = to_timestamp($3::float8)
    WHERE person_id = $1 AND room_id = $2 AND ended_at IS NULL
    RETURNING alias
"""

LIVE: Final = """
    SELECT guest.person_id, guest.alias,
           extract(epoch FROM guest.began_at)::float8 AS began_at,
           extract(epoch FROM guest.refreshed_at)::float8 AS refreshed_at,
           extract(epoch FROM member.muted_until)::float8 AS muted_until
    FROM guest
    LEFT JOIN member USING (room_id, person_id)
    WHERE guest.room_id = $1 AND guest.ended_at IS NULL
      AND guest.person_id > $2
    ORDER BY guest.person_id
    LIMIT $3
"""

DEVICE: Final = """
    SELECT device_hash FROM guest
    WHERE room_id = $1 AND person_id = $2 AND device_hash IS NOT NULL
"""

OF_DEVICE: Final = """
    SELECT person_id, alias FROM guest
    WHERE room_id = $1 AND device_hash = $2 AND ended_at IS NULL
    ORDER BY person_id
"""

LAST_OF_DEVICE: Final = """
    SELECT person_id FROM guest
    WHERE room_id = $1 AND device_hash = $2
    ORDER BY ended_at DESC NULLS FIRST, person_id DESC
    LIMIT 1
"""

END: Final = """
    WITH due AS MATERIALIZED (
        SELECT person_id, ended_at IS NULL AS is_live FROM guest
        WHERE room_id = $1 AND is_in AND ($2::uuid[] IS NULL OR person_id = ANY($2))
        FOR NO KEY UPDATE
    ), ended AS (
        UPDATE guest
        SET ended_at = coalesce(ended_at, to_timestamp($3::float8)), is_in = $2 IS NULL
        FROM due WHERE guest.person_id = due.person_id
    )
    INSERT INTO guest_ending (person_id, reason, ended_at)
    SELECT person_id, $4, to_timestamp($3) FROM due WHERE is_live
    ON CONFLICT DO NOTHING
"""

# The log of these rooms goes too: nothing names them any more.
FORGET: Final = """
    UPDATE person SET name = '' FROM guest
    WHERE guest.person_id = person.id AND guest.room_id = ANY($1)
"""


class AliasTaken(Conflict):
    code = "alias_taken"
    message = "Somebody here is called that, or nearly so. Choose another name."


class GuestStore:
    """Reads doors and guests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, slug: str) -> tuple[Room, Door, str] | None:
        """Return a room with its door and its facilitator's name; None if there is none."""
        row = await self._database.fetchrow(FIND, slug)
        return None if row is None else (room_of(row), _door_of(row), row["facilitator"])

    async def doors(self, room_ids: Sequence[RoomId]) -> dict[RoomId, Door]:
        """Return the doors of those rooms that have one."""
        rows = await self._database.fetch(DOORS, room_ids) if room_ids else ()
        return {RoomId(row["room_id"]): _door_of(row) for row in rows}

    async def live(self, room_id: RoomId, *, after: PersonId, limit: int) -> list[Guest]:
        """Return at most `limit` guests who are in the room, behind `after`, in the order of their
        ids, which is that in which they came.
        """
        rows = await self._database.fetch(LIVE, room_id, after, limit)
        return [_guest_of(row) for row in rows]

    async def refreshed(self, person_id: PersonId, room_id: RoomId, *, now: float) -> str | None:
        """Note that a guest fetched tokens; return their alias, None if they have ended."""
        alias: str | None = await self._database.fetchval(REFRESHED, person_id, room_id, now)
        return alias


async def open_door(
    connection: Connection, room_id: RoomId, *, slug: str, password_hash: str | None
) -> None:
    """Give a new room its door, in the transaction that makes it."""
    await connection.execute(OPEN_DOOR, room_id, slug, password_hash)


async def set_password(
    connection: Connection, room_id: RoomId, *, password_hash: str | None
) -> None:
    """Let another password, or none, open the door; who is in stays in."""
    await connection.execute(CHANGE_DOOR, room_id, password_hash)


async def password_hash_of(connection: Connection, room_id: RoomId) -> str | None:
    """Return what opens the door now, None: it is open to everybody."""
    found: str | None = await connection.fetchval(OPENED_BY, room_id)
    return found


async def names_of(connection: Connection, room_id: RoomId) -> list[str]:
    """Return what the members with an account are called."""
    return [row["name"] for row in await connection.fetch(NAMES, room_id)]


async def same_guest(
    connection: Connection, room_id: RoomId, *, looks: Collection[str], device_hash: bytes | None
) -> Person | None:
    """Return the guest who is in the room with this device, under an alias that looks like this."""
    if device_hash is None:
        return None
    row = await connection.fetchrow(SAME, room_id, sorted(looks), device_hash)
    return None if row is None else _person_of(row)


async def begin(
    connection: Connection,
    room_id: RoomId,
    person: Person,
    *,
    looks: Collection[str],
    device_hash: bytes | None,
    now: float,
) -> None:
    """Write down a new guest of a room that the transaction holds; then let them in.

    Raises: AliasTaken, when somebody live has a look in common.
    """
    await connection.execute(KNOW, person.id, person.name)
    await connection.execute(INSERT, person.id, room_id, person.name, device_hash, now)
    taken = await connection.fetch(TAKE_LOOKS, room_id, sorted(looks), person.id)
    if len(taken) < len(looks):
        raise AliasTaken


async def device_of(
    connection: Connection, room_id: RoomId, *, person_id: PersonId
) -> bytes | None:
    """Return the hash of the device that a guest came with, if they are one and had any."""
    found: bytes | None = await connection.fetchval(DEVICE, room_id, person_id)
    return found


async def of_device(
    connection: Connection, room_id: RoomId, *, device_hash: bytes | None
) -> list[Person]:
    """Return the guests who are in the room with this device, under whatever aliases."""
    if device_hash is None:
        return []
    return [_person_of(row) for row in await connection.fetch(OF_DEVICE, room_id, device_hash)]


async def last_of_device(
    connection: Connection, room_id: RoomId, *, device_hash: bytes | None
) -> PersonId | None:
    """Return which guest was in the room last with this device, those first who are still in."""
    if device_hash is None:
        return None
    found: PersonId | None = await connection.fetchval(LAST_OF_DEVICE, room_id, device_hash)
    return found


async def end(
    connection: Connection,
    room_id: RoomId,
    *,
    person_ids: Sequence[PersonId] | None,
    reason: str,
    now: float,
) -> None:
    """End these guests of a room, None: all of them. Ending somebody twice changes nothing.

    Those who are named are being taken out of the room; all of them are later, one by one.
    """
    await connection.execute(END, room_id, person_ids, now, reason)


async def forget(connection: Connection, room_ids: Sequence[RoomId]) -> None:
    """Make the guests of rooms nameless that are about to be purged."""
    await connection.execute(FORGET, room_ids)


def _door_of(row: asyncpg.Record) -> Door:
    return Door(row["slug"], row["password_hash"])


def _guest_of(row: asyncpg.Record) -> Guest:
    return Guest(
        person=_person_of(row),
        began_at=row["began_at"],
        refreshed_at=row["refreshed_at"],
        muted_until=row["muted_until"],
    )


def _person_of(row: asyncpg.Record) -> Person:
    return Person(PersonKind.GUEST, PersonId(row["person_id"]), row["alias"])
