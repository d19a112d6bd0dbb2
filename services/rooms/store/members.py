"""Who is in which room, as others ask for it. Changes are made by `HeldRoom`."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.postgres import Database
from services.rooms.model import Access, Member
from services.rooms.store.rows import MEMBER_COLUMNS, member_of

PAGE: Final = f"""
    SELECT {MEMBER_COLUMNS} FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = $1 AND member.person_id > $2
    ORDER BY member.person_id
    LIMIT $3
"""

OF_ROOMS: Final = f"""
    SELECT {MEMBER_COLUMNS} FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = ANY($1)
    ORDER BY member.room_id, member.person_id
"""

STATE: Final = "SELECT kind, state FROM room WHERE id = $1 AND state <> 'deleted'"

ROLES: Final = "SELECT person_id, role FROM member WHERE room_id = $1 AND person_id = ANY($2)"

# Everybody knows themselves.
ACQUAINTANCES: Final = """
    SELECT asked.id FROM unnest($2::uuid[]) AS asked (id)
    WHERE asked.id = $1 OR EXISTS (
        SELECT FROM member AS own
        JOIN member AS other ON other.room_id = own.room_id AND other.person_id = asked.id
        JOIN room ON room.id = own.room_id AND room.state <> 'deleted'
        WHERE own.person_id = $1
    )
"""


class MemberStore:
    """Reads memberships."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, room_id: RoomId, *, after: PersonId, limit: int) -> list[Member]:
        """Return at most `limit` members behind `after`, in the order of their ids."""
        return [member_of(row) for row in await self._database.fetch(PAGE, room_id, after, limit)]

    async def of_rooms(self, room_ids: Sequence[RoomId]) -> dict[RoomId, list[Member]]:
        """Return all members of rooms that are known to be small."""
        found: dict[RoomId, list[Member]] = {room_id: [] for room_id in room_ids}
        for row in await self._database.fetch(OF_ROOMS, room_ids) if room_ids else ():
            found[row["room_id"]].append(member_of(row))
        return found

    async def access(self, room_id: RoomId, person_ids: Sequence[PersonId]) -> Access | None:
        """Return what a room is and who of these people is in it; None if there is no room."""
        row = await self._database.fetchrow(STATE, room_id)
        if row is None:
            return None
        rows = await self._database.fetch(ROLES, room_id, person_ids)
        roles = {PersonId(row["person_id"]): RoomRole(row["role"]) for row in rows}
        return Access(RoomKind(row["kind"]), RoomState(row["state"]), roles)

    async def acquaintances(
        self, person_id: PersonId, others: Sequence[PersonId]
    ) -> list[PersonId]:
        """Return those of `others` who share a room with the person."""
        rows = await self._database.fetch(ACQUAINTANCES, person_id, others)
        return [PersonId(row["id"]) for row in rows]
