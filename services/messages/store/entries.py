"""Reads the log as it was written, entry by entry."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.ids import RoomId, Seq
from libs.common.postgres import Database
from services.messages.model.log import Entry
from services.messages.model.rooms import Room
from services.messages.store.rows import ENTRY, ROOM, WITH_MESSAGE, entry_of, room_of

# The head and the entries of one moment: no entry is beyond the head.
AFTER: Final = f"""
SELECT
    ROW({ROOM}),
    ARRAY(
        SELECT ROW({ENTRY})
        FROM (
            SELECT * FROM log
            WHERE log.room_id = $1 AND log.seq > $2
            ORDER BY log.seq
            LIMIT $3
        ) l
        {WITH_MESSAGE}
        ORDER BY l.seq
    )
FROM room_head h
WHERE h.room_id = $1
"""

HEADS: Final = "SELECT room_id, last_seq FROM room_head WHERE room_id = ANY($1::uuid[])"


class EntryStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(
        self, room_id: RoomId, seq: Seq, *, limit: int
    ) -> tuple[Room, list[Entry]] | None:
        """Return the room and at most `limit` entries after a seq, oldest first.

        Their messages are in their present state. None: there is no such room.
        """
        row = await self._database.fetchrow(AFTER, room_id, seq, limit)
        return None if row is None else (room_of(row[0]), [entry_of(entry) for entry in row[1]])

    async def heads(self, room_ids: Sequence[RoomId]) -> dict[RoomId, Seq]:
        """Return how far these rooms go; a room that is not there is left out."""
        rows = await self._database.fetch(HEADS, list(room_ids))
        return {row["room_id"]: row["last_seq"] for row in rows}
