"""Rooms that go for good: those long deleted, and guest rooms whose time after closing is over.

Messages hears of it first, in the order in which it heard everything else of the room: that it is
deleted, so that nobody goes on listening, and then that nothing of it is to be left.
"""

from typing import Final

from libs.common.contracts.commands import PurgeRoom
from libs.common.contracts.ids import RoomId
from libs.common.contracts.people import Person
from libs.common.contracts.rooms import RoomState
from libs.common.postgres import Connection, Database
from services.rooms.model import Room
from services.rooms.store import guests, turning
from services.rooms.store.commands import tell
from services.rooms.store.rows import ROOM_COLUMNS, room_of
from services.rooms.store.writing import Writing

DUE: Final = f"""
    SELECT {ROOM_COLUMNS} FROM room
    WHERE (state = 'deleted' AND deleted_at < to_timestamp($1::float8 - $2::float8))
       OR (state IN ('closed', 'deleted') AND purge_after_s IS NOT NULL
           AND closes_at < to_timestamp($1::float8) - purge_after_s * interval '1 second')
    ORDER BY id LIMIT $3
    FOR UPDATE SKIP LOCKED
"""

PURGE: Final = "DELETE FROM room WHERE id = ANY($1)"

FORGET_MADE: Final = "DELETE FROM idempotency_key WHERE made_at < to_timestamp($1::float8)"

FORGET_INVITES: Final = """
    DELETE FROM invite WHERE coalesce(ended_at, expires_at) < to_timestamp($1::float8)
"""
FORGET_BANS: Final = "DELETE FROM ban WHERE until < to_timestamp($1::float8)"
FORGET_MUTES: Final = "DELETE FROM mute WHERE until < to_timestamp($1::float8)"


class PurgingStore:
    """Removes what nobody will ask for again."""

    def __init__(self, database: Database, writing: Writing) -> None:
        self._database = database
        self._writing = writing

    async def purge(self, *, actor: Person, grace_s: float, now: float, limit: int) -> int:
        """Remove at most `limit` rooms that are due, and return how many it were.

        Those that were deleted are due after the grace, guest rooms when they said.
        """
        async with self._writing.begin() as connection:
            rooms = [room_of(row) for row in await connection.fetch(DUE, now, grace_s, limit)]
            if not rooms:
                return 0
            for room in rooms:
                await _tell(connection, room, actor=actor, now=now)
            ids: list[RoomId] = [room.id for room in rooms]
            await guests.forget(connection, ids)
            await connection.execute(PURGE, ids)
        return len(rooms)

    async def forget_made(self, *, before: float) -> None:
        """Remove the idempotency keys that were used before then."""
        await self._database.execute(FORGET_MADE, before)

    async def forget_over(self, *, before: float) -> None:
        """Remove the invitations, bans and mutes that came to their end before then."""
        await self._database.execute(FORGET_INVITES, before)
        await self._database.execute(FORGET_BANS, before)
        await self._database.execute(FORGET_MUTES, before)


async def _tell(connection: Connection, room: Room, *, actor: Person, now: float) -> None:
    if room.state is not RoomState.DELETED:
        room = await turning.delete(connection, room, actor=actor, now=now)
    await tell(connection, room.id, actor, PurgeRoom(version=room.version + 1))
