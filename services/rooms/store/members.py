"""Who is in which room, as others ask for it. Changes are made by `HeldRoom`."""

from collections.abc import Sequence
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.permissions.case import Actor
from libs.common.postgres import Database
from services.rooms.model import Access, Member, folded
from services.rooms.store.rows import MEMBER_COLUMNS, member_of, role_of

# The expressions of the index `member_in_order`.
PLACE: Final = """
    CASE member.role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'member' THEN 2 ELSE 3 END
"""
NAME_KEY: Final = 'coalesce(member.name_key, lower(member.name)) COLLATE "C"'

# Nothing that Unicode will ever have comes behind the last of its code points.
PAGE: Final = f"""
    SELECT {MEMBER_COLUMNS}, {PLACE} AS place, {NAME_KEY} AS name_key
    FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = $1
      AND ({PLACE}, {NAME_KEY}, member.person_id) > ($2, $3, $4)
      AND {PLACE} BETWEEN $5 AND $6
      AND {NAME_KEY} >= $7 AND {NAME_KEY} < $7 || chr(1114111)
    ORDER BY {PLACE}, {NAME_KEY}, member.person_id
    LIMIT $8
"""

PLACES: Final = {
    RoomRole.OWNER: 0,
    RoomRole.ADMIN: 1,
    RoomRole.MEMBER: 2,
    RoomRole.GUEST: 3,
}
"""The order of roles in lists."""

OF_ROOMS: Final = f"""
    SELECT {MEMBER_COLUMNS} FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = ANY($1)
    ORDER BY member.room_id, member.person_id
"""

STATE: Final = "SELECT kind, state FROM room WHERE id = $1 AND state <> 'deleted'"

# Who was never seen here is somebody without a role.
ACTORS: Final = """
    SELECT asked.id, coalesce(person.kind, 'user') AS kind,
        coalesce(person.system_role, 'member') AS system_role, member.role,
        EXISTS (
            SELECT FROM ban WHERE ban.room_id = $1 AND ban.person_id = asked.id
                AND (ban.until IS NULL OR ban.until > to_timestamp($3::float8))
        ) AS is_banned
    FROM unnest($2::uuid[]) AS asked (id)
    LEFT JOIN person ON person.id = asked.id
    LEFT JOIN member ON member.room_id = $1 AND member.person_id = asked.id
"""

# Everybody knows themselves.
ACQUAINTANCES: Final = """
    SELECT asked.id FROM unnest($2::uuid[]) AS asked (id)
    WHERE asked.id = $1 OR EXISTS (
        SELECT FROM member AS own
        JOIN member AS other ON other.room_id = own.room_id AND other.person_id = asked.id
        JOIN room ON room.id = own.room_id AND room.state <> 'deleted'
        WHERE own.person_id = $1
    ) AND NOT EXISTS (
        SELECT FROM block WHERE block.person_id = $1 AND block.blocked_id = asked.id
        UNION ALL
        SELECT FROM block WHERE block.person_id = asked.id AND block.blocked_id = $1
    )
"""


class MemberStore:
    """Reads memberships."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        room_id: RoomId,
        *,
        beginning: str,
        role: RoomRole | None,
        after: tuple[int, str, PersonId],
        limit: int,
    ) -> list[tuple[Member, tuple[int, str, PersonId]]]:
        """Return at most `limit` members behind `after`, each with where they stand in the list:
        owners first, then admins, members, guests; by name among each.

        Only those whose names begin so, whatever the case, and who have this role; None is all.
        """
        first, last = (0, 3) if role is None else (PLACES[role], PLACES[role])
        rows = await self._database.fetch(
            PAGE, room_id, *after, first, last, folded(beginning), limit
        )
        return [
            (member_of(row), (row["place"], row["name_key"], PersonId(row["person_id"])))
            for row in rows
        ]

    async def of_rooms(self, room_ids: Sequence[RoomId]) -> dict[RoomId, list[Member]]:
        """Return all members of rooms that are known to be small."""
        found: dict[RoomId, list[Member]] = {room_id: [] for room_id in room_ids}
        for row in await self._database.fetch(OF_ROOMS, room_ids) if room_ids else ():
            found[row["room_id"]].append(member_of(row))
        return found

    async def access(
        self, room_id: RoomId, person_ids: Sequence[PersonId], *, now: float
    ) -> Access | None:
        """Return what a room is and how these people stand towards it; None if there is no room."""
        row = await self._database.fetchrow(STATE, room_id)
        if row is None:
            return None
        rows = await self._database.fetch(ACTORS, room_id, person_ids, now)
        actors = {PersonId(one["id"]): _actor(one) for one in rows}
        return Access(RoomKind(row["kind"]), RoomState(row["state"]), actors)

    async def acquaintances(
        self, person_id: PersonId, others: Sequence[PersonId]
    ) -> list[PersonId]:
        """Return those of `others` who share a room with the person, and no block."""
        rows = await self._database.fetch(ACQUAINTANCES, person_id, others)
        return [PersonId(row["id"]) for row in rows]


def _actor(row: asyncpg.Record) -> Actor:
    return Actor(
        kind=PersonKind(row["kind"]),
        system_role=SystemRole(row["system_role"]),
        role=role_of(row["role"]),
        is_banned=row["is_banned"],
        muted_until=None,
    )
