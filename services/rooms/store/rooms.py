"""Rooms in Postgres: finding them, holding one to change it, and removing those long deleted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.postgres import Database
from services.rooms.model import SeenRoom
from services.rooms.store.held import HeldRoom
from services.rooms.store.rows import ROOM_COLUMNS, room_of, seen_room_of
from services.rooms.store.writing import Writing

FIND: Final = f"""
    SELECT {ROOM_COLUMNS}, member.role FROM room
    LEFT JOIN member ON member.room_id = room.id AND member.person_id = $2
    WHERE room.id = $1 AND room.state <> 'deleted'
"""

HOLD: Final = f"""
    SELECT {ROOM_COLUMNS} FROM room WHERE id = $1 AND state <> 'deleted' FOR NO KEY UPDATE
"""

# strpos and not LIKE: what people search for has no wildcards.
MINE: Final = f"""
    SELECT {ROOM_COLUMNS}, member.role FROM member
    JOIN room ON room.id = member.room_id
    WHERE member.person_id = $1 AND room.state <> 'deleted'
      AND strpos(room.title_key, $2) > 0
      AND (room.title_key, room.id) > ($3, $4)
    ORDER BY room.title_key, room.id
    LIMIT $5
"""

PUBLIC: Final = f"""
    SELECT {ROOM_COLUMNS}, member.role FROM room
    LEFT JOIN member ON member.room_id = room.id AND member.person_id = $1
    WHERE room.kind = 'public' AND room.state <> 'deleted'
      AND strpos(room.title_key, $2) > 0
      AND (room.title_key, room.id) > ($3, $4)
    ORDER BY room.title_key, room.id
    LIMIT $5
"""

PURGE: Final = """
    DELETE FROM room WHERE id IN (
        SELECT id FROM room
        WHERE state = 'deleted' AND deleted_at < to_timestamp($1::float8)
        ORDER BY deleted_at LIMIT $2
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id
"""

FORGET_MADE: Final = "DELETE FROM idempotency_key WHERE made_at < to_timestamp($1::float8)"


class RoomStore:
    """Reads rooms, and lends them to be changed."""

    def __init__(self, database: Database, writing: Writing) -> None:
        self._database = database
        self._writing = writing

    async def find(self, room_id: RoomId, viewer_id: PersonId) -> SeenRoom | None:
        """Return a room as somebody sees it; whether they may is not asked here."""
        row = await self._database.fetchrow(FIND, room_id, viewer_id)
        return None if row is None else seen_room_of(row)

    @asynccontextmanager
    async def hold(self, room_id: RoomId) -> AsyncIterator[HeldRoom | None]:
        """Hold a room in a transaction that ends with the block; None if there is none.

        Raises, from the block or its end: TitleTaken.
        """
        async with self._writing.begin() as connection:
            row = await connection.fetchrow(HOLD, room_id)
            yield None if row is None else HeldRoom(connection, room_of(row))

    async def mine(
        self, person_id: PersonId, piece: str, *, after: tuple[str, RoomId], limit: int
    ) -> list[SeenRoom]:
        """Return at most `limit` rooms of a member with `piece` in their title's key, behind
        `after`, in the order of keys and ids.
        """
        rows = await self._database.fetch(MINE, person_id, piece, *after, limit)
        return [seen_room_of(row) for row in rows]

    async def public(
        self, person_id: PersonId, piece: str, *, after: tuple[str, RoomId], limit: int
    ) -> list[SeenRoom]:
        """Return public rooms as `mine` does, whoever is in them."""
        rows = await self._database.fetch(PUBLIC, person_id, piece, *after, limit)
        return [seen_room_of(row) for row in rows]

    async def purge(self, *, before: float, limit: int) -> int:
        """Remove at most `limit` rooms that were deleted before then; return how many."""
        return len(await self._database.fetch(PURGE, before, limit))

    async def forget_made(self, *, before: float) -> None:
        """Remove the idempotency keys that were used before then."""
        await self._database.execute(FORGET_MADE, before)
