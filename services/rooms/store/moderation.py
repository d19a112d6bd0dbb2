"""Bans and mutes. One that is over binds nobody, whether or not it was swept away by then.

They are put on people, not on memberships: nobody is rid of one by leaving and coming back.
"""

from collections.abc import Collection
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import Departure
from libs.common.postgres import Connection, Database
from libs.common.times import rfc3339_if
from services.rooms.model import ChangeKind, Sanction, Sanctions
from services.rooms.store import guests
from services.rooms.store.held import HeldRoom

PUT_BAN: Final = """
    INSERT INTO ban (
        room_id, person_id, until, reason, made_by, made_at, device_hash, looks
    )
    VALUES ($1, $2, to_timestamp($3::float8), $4, $5, to_timestamp($6::float8), $7, $8)
    ON CONFLICT (room_id, person_id) DO UPDATE SET
        until = excluded.until, reason = excluded.reason, made_by = excluded.made_by,
        made_at = excluded.made_at
"""

DROP_BAN: Final = "DELETE FROM ban WHERE room_id = $1 AND person_id = $2 RETURNING true"

PUT_MUTE: Final = """
    INSERT INTO mute (room_id, person_id, until, reason, made_by, made_at)
    VALUES ($1, $2, to_timestamp($3::float8), $4, $5, to_timestamp($6::float8))
    ON CONFLICT (room_id, person_id) DO UPDATE SET
        until = excluded.until, reason = excluded.reason, made_by = excluded.made_by,
        made_at = excluded.made_at
"""

DROP_MUTE: Final = "DELETE FROM mute WHERE room_id = $1 AND person_id = $2 RETURNING true"

# What the log is told of a member stands with the membership; without an end it is infinite.
BIND: Final = """
    UPDATE member SET muted_until = (
        SELECT coalesce(until, 'infinity') FROM mute WHERE room_id = $1 AND person_id = $2
    )
    WHERE room_id = $1 AND person_id = $2
"""

# What binds a guest goes on with their device. The mutes of those who are gone become this one, so
# that taking it back is enough.
FOLLOW_DEVICE: Final = """
    WITH same AS (
        SELECT mute.*, guest.ended_at IS NOT NULL AS is_gone
        FROM mute JOIN guest ON guest.person_id = mute.person_id
        WHERE mute.room_id = $1 AND guest.room_id = $1 AND guest.device_hash = $3
            AND (mute.until IS NULL OR mute.until > to_timestamp($4::float8))
    ), gone AS (
        DELETE FROM mute USING same
        WHERE mute.room_id = $1 AND mute.person_id = same.person_id AND same.is_gone
    )
    INSERT INTO mute (room_id, person_id, until, reason, made_by, made_at)
    SELECT $1, $2, until, reason, made_by, made_at FROM same
    ORDER BY until DESC NULLS FIRST LIMIT 1
"""

IS_GUEST_BANNED: Final = """
    SELECT EXISTS (
        SELECT FROM ban
        WHERE room_id = $1 AND looks <> '{}' AND (device_hash = $2 OR looks && $3)
            AND (until IS NULL OR until > to_timestamp($4::float8))
    )
"""

COLUMNS: Final = """
    sanctioned.id, sanctioned.kind, sanctioned.name, made.reason,
    extract(epoch FROM made.until)::float8 AS until,
    extract(epoch FROM made.made_at)::float8 AS made_at,
    maker.id AS maker_id, maker.kind AS maker_kind, maker.name AS maker_name
"""

PAGE: Final = """
    JOIN person sanctioned ON sanctioned.id = made.person_id
    LEFT JOIN person maker ON maker.id = made.made_by
    WHERE made.room_id = $1 AND made.person_id > $2
        AND (made.until IS NULL OR made.until > to_timestamp($3::float8))
    ORDER BY made.person_id
    LIMIT $4
"""

BANS: Final = f"SELECT {COLUMNS} FROM ban made {PAGE}"
MUTES: Final = f"SELECT {COLUMNS} FROM mute made {PAGE}"


class ModerationStore:
    """Reads who is banned or muted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, of: Sanctions, room_id: RoomId, *, after: PersonId, limit: int, now: float
    ) -> list[Sanction]:
        """Return at most `limit` behind `after`, in the order of people's ids."""
        wanted = (room_id, after, now, limit)
        if of is Sanctions.BANS:
            rows = await self._database.fetch(BANS, *wanted)
        else:
            rows = await self._database.fetch(MUTES, *wanted)
        return [_sanction_of(row) for row in rows]


async def ban(
    held: HeldRoom,
    sanction: Sanction,
    *,
    role: RoomRole | None,
    actor: Person,
    looks: Collection[str],
) -> None:
    """Keep somebody out, who is put out if they are in; `role=None`: they are not. `looks` are
    those of a guest's alias; who else came with a guest's device goes with them.

    Raises: TitleTaken, as `HeldRoom.leave`.
    """
    person, now = sanction.person, sanction.made_at
    device = await guests.device_of(held.connection, held.room.id, person_id=person.id)
    await held.connection.execute(
        PUT_BAN,
        held.room.id,
        person.id,
        sanction.until,
        sanction.reason,
        actor.id,
        now,
        device,
        sorted(looks),
    )
    details = {"until": rfc3339_if(sanction.until)}
    await held.note(ChangeKind.MEMBER_BANNED, actor, person, details=details, now=now)
    if role is not None:
        await held.leave(
            person, Departure.BANNED, actor=actor, now=now, banned_until=sanction.until
        )
    else:
        await held.tell_member(
            person, None, actor=actor, departure=Departure.BANNED, banned_until=sanction.until
        )
    for other in await guests.of_device(held.connection, held.room.id, device_hash=device):
        await held.note(ChangeKind.MEMBER_BANNED, actor, other, details=details, now=now)
        await held.leave(other, Departure.BANNED, actor=actor, now=now, banned_until=sanction.until)


async def unban(
    held: HeldRoom, person: Person, *, role: RoomRole | None, actor: Person, now: float
) -> None:
    """Let somebody come in again, who does not by that.

    They have a `role` if they are in all the same, as those are who look after the whole system.
    """
    if not await held.connection.fetchval(DROP_BAN, held.room.id, person.id):
        return
    await held.note(ChangeKind.MEMBER_UNBANNED, actor, person, details={}, now=now)
    await held.tell_member(person, role, actor=actor)


async def mute(held: HeldRoom, sanction: Sanction, *, role: RoomRole, actor: Person) -> None:
    """Let a member read and not write."""
    person, now = sanction.person, sanction.made_at
    await held.connection.execute(
        PUT_MUTE, held.room.id, person.id, sanction.until, sanction.reason, actor.id, now
    )
    details = {"until": rfc3339_if(sanction.until)}
    await held.note(ChangeKind.MEMBER_MUTED, actor, person, details=details, now=now)
    await held.connection.execute(BIND, held.room.id, person.id)
    await held.tell_member(person, role, actor=actor)


async def follow_device(
    connection: Connection,
    room_id: RoomId,
    *,
    person_id: PersonId,
    device_hash: bytes | None,
    now: float,
) -> None:
    """Let a guest who is about to come in be muted if they were with this device before."""
    if device_hash is not None:
        await connection.execute(FOLLOW_DEVICE, room_id, person_id, device_hash, now)


async def unmute(
    held: HeldRoom, person: Person, *, role: RoomRole | None, actor: Person, now: float
) -> None:
    """Let somebody write again, whether they are in or not."""
    if not await held.connection.fetchval(DROP_MUTE, held.room.id, person.id):
        return
    await held.note(ChangeKind.MEMBER_UNMUTED, actor, person, details={}, now=now)
    if role is not None:
        await held.connection.execute(BIND, held.room.id, person.id)
        await held.tell_member(person, role, actor=actor)


async def is_guest_banned(
    connection: Connection,
    room_id: RoomId,
    *,
    device_hash: bytes | None,
    looks: Collection[str],
    now: float,
) -> bool:
    """Tell whether a banned guest would be back: with their device, or looking like them."""
    return bool(
        await connection.fetchval(IS_GUEST_BANNED, room_id, device_hash, sorted(looks), now)
    )


def _sanction_of(row: asyncpg.Record) -> Sanction:
    maker_id = row["maker_id"]
    return Sanction(
        person=Person(PersonKind(row["kind"]), PersonId(row["id"]), row["name"]),
        until=row["until"],
        reason=row["reason"],
        made_by=maker_id
        and Person(PersonKind(row["maker_kind"]), PersonId(maker_id), row["maker_name"]),
        made_at=row["made_at"],
    )
