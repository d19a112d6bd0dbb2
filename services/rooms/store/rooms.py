"""Rooms in Postgres: finding them, and holding one to change it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.postgres import Database
from services.rooms.model import Hours, RoomScope, SeenRoom
from services.rooms.store.held import HeldRoom
from services.rooms.store.rows import ROOM_COLUMNS, STANDING_COLUMNS, room_of, seen_room_of
from services.rooms.store.writing import Writing

IS_BANNED: Final = """
    EXISTS (
        SELECT FROM ban WHERE ban.room_id = room.id AND ban.person_id = $1
            AND (ban.until IS NULL OR ban.until > to_timestamp($2::float8))
    )
"""

FIND: Final = f"""
    SELECT {ROOM_COLUMNS}, {STANDING_COLUMNS}, {IS_BANNED} AS is_banned FROM room
    LEFT JOIN member ON member.room_id = room.id AND member.person_id = $1
    WHERE room.id = $3 AND room.state <> 'deleted'
"""

HOLD: Final = f"""
    SELECT {ROOM_COLUMNS} FROM room
    WHERE id = $1 AND (state = 'deleted') = coalesce($2, state = 'deleted')
    FOR NO KEY UPDATE
"""

# strpos and not LIKE: what people search for has no wildcards.
PAGE: Final = """
      AND strpos(room.title_key, $3) > 0
      AND (room.title_key, room.id) > ($4, $5)
    ORDER BY room.title_key, room.id
    LIMIT $6
"""

MINE: Final = f"""
    SELECT {ROOM_COLUMNS}, {STANDING_COLUMNS}, {IS_BANNED} AS is_banned FROM member
    JOIN room ON room.id = member.room_id
    WHERE member.person_id = $1 AND room.state <> 'deleted' {PAGE}
"""

# What is in the archive is found by its members only, and nobody looks for where they may not go.
PUBLIC: Final = f"""
    SELECT {ROOM_COLUMNS}, {STANDING_COLUMNS}, false AS is_banned FROM room
    LEFT JOIN member ON member.room_id = room.id AND member.person_id = $1
    WHERE room.kind = 'public' AND room.state <> 'deleted' AND room.archived_at IS NULL
      AND NOT {IS_BANNED} {PAGE}
"""

# Those that their owners may still have back. Direct and group rooms have no owners.
DELETED: Final = f"""
    SELECT {ROOM_COLUMNS}, {STANDING_COLUMNS}, {IS_BANNED} AS is_banned FROM member
    JOIN room ON room.id = member.room_id
    WHERE member.person_id = $1 AND member.role = 'owner' AND room.state = 'deleted' {PAGE}
"""


class RoomStore:
    """Reads rooms, and lends them to be changed; `on_hours` hears after the commit that a room's
    hours are others.
    """

    def __init__(
        self, database: Database, writing: Writing, *, on_hours: Callable[[], None]
    ) -> None:
        self._database = database
        self._writing = writing
        self._on_hours = on_hours

    async def find(self, room_id: RoomId, viewer_id: PersonId, *, now: float) -> SeenRoom | None:
        """Return a room as somebody sees it; whether they may is not asked here."""
        row = await self._database.fetchrow(FIND, viewer_id, now, room_id)
        return None if row is None else seen_room_of(row)

    @asynccontextmanager
    async def hold(
        self, room_id: RoomId, *, is_deleted: bool | None = False
    ) -> AsyncIterator[HeldRoom | None]:
        """Hold a room in a transaction that ends with the block; None if there is none.

        `is_deleted=None` takes it deleted or not.

        Raises, from the block or its end: TitleTaken.
        """
        async with self._writing.begin() as connection:
            row = await connection.fetchrow(HOLD, room_id, is_deleted)
            held = None if row is None else HeldRoom(connection, room_of(row))
            was = None if held is None else Hours.of(held.room)
            yield held
        if held is not None and Hours.of(held.room) != was:
            self._on_hours()

    async def page(
        self,
        scope: RoomScope,
        person_id: PersonId,
        piece: str,
        *,
        after: tuple[str, RoomId],
        limit: int,
        now: float,
    ) -> list[SeenRoom]:
        """Return at most `limit` rooms with `piece` in their title's key, behind `after`, in the
        order of keys and ids.
        """
        wanted = (person_id, now, piece, *after, limit)
        if scope is RoomScope.MINE:
            rows = await self._database.fetch(MINE, *wanted)
        elif scope is RoomScope.PUBLIC:
            rows = await self._database.fetch(PUBLIC, *wanted)
        else:
            rows = await self._database.fetch(DELETED, *wanted)
        return [seen_room_of(row) for row in rows]
