"""Rooms whose time has come, taken by whichever instance is first."""

from collections.abc import Callable
from typing import Final

from libs.common.contracts.people import Person
from libs.common.postgres import Database
from services.rooms.model import Room
from services.rooms.store import turning
from services.rooms.store.rows import ROOM_COLUMNS, room_of
from services.rooms.store.writing import Writing

DUE: Final = f"""
    SELECT {ROOM_COLUMNS} FROM room
    WHERE (state = 'scheduled' AND opens_at <= to_timestamp($1::float8))
       OR (state IN ('scheduled', 'open', 'read_only') AND closes_at <= to_timestamp($1::float8))
    ORDER BY id LIMIT $2
    FOR NO KEY UPDATE SKIP LOCKED
"""

NEXT: Final = """
    SELECT extract(epoch FROM least(
        (SELECT min(opens_at) FROM room WHERE state = 'scheduled'),
        (SELECT min(closes_at) FROM room WHERE state IN ('scheduled', 'open', 'read_only'))
    ))::float8
"""


class ScheduleStore:
    """Turns rooms by the clock."""

    def __init__(self, database: Database, writing: Writing) -> None:
        self._database = database
        self._writing = writing

    async def turn(
        self, turned: Callable[[Room], Room], *, actor: Person, now: float, limit: int
    ) -> int:
        """Let at most `limit` rooms that are due be as `turned` says; return how many it were.

        What others are holding is left to them, or to the next time.
        """
        async with self._writing.begin() as connection:
            rooms = [room_of(row) for row in await connection.fetch(DUE, now, limit)]
            for room in rooms:
                await turning.change(connection, room, turned(room), actor=actor, now=now)
        return len(rooms)

    async def next_at(self) -> float | None:
        """Return the next moment at which a room is due, which may be past; None without any."""
        found: float | None = await self._database.fetchval(NEXT)
        return found
