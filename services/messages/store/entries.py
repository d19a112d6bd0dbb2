"""Reads the log as it was written, entry by entry."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.ids import RoomId, Seq
from libs.common.postgres import Database
from services.messages.model.log import Entry
from services.messages.model.rooms import Room
from services.messages.store.rows import ENTRY, ROOM, WITH_MESSAGE, entry_of, room_of

# The head and the entries of one moment: no entry is beyond the head.
RANGES: Final = f"""
SELECT
    asked.place,
    ROW({ROOM}),
    ARRAY(
        SELECT ROW({ENTRY})
        FROM (
            SELECT * FROM log
            WHERE log.room_id = asked.room_id AND log.seq > asked.after_seq
            ORDER BY log.seq
            LIMIT asked.most
        ) l
        {WITH_MESSAGE}
        ORDER BY l.seq
    )
FROM unnest($1::uuid[], $2::bigint[], $3::int[])
    WITH ORDINALITY AS asked (room_id, after_seq, most, place)
JOIN room_head h ON h.room_id = asked.room_id
"""

HEADS: Final = "SELECT room_id, last_seq FROM room_head WHERE room_id = ANY($1::uuid[])"


Wanted = tuple[RoomId, Seq, int]
"""Entries of a room after a seq, and at most how many of them."""

Found = tuple[Room, list[Entry]]


class EntryStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, room_id: RoomId, seq: Seq, *, limit: int) -> Found | None:
        """Return at most `limit` entries of one room after a seq, as `ranges` does."""
        return (await self.ranges([(room_id, seq, limit)]))[0]

    async def ranges(self, asked: Sequence[Wanted]) -> list[Found | None]:
        """Return each room and its entries after a seq, oldest first, in the order of `asked`.

        Their messages are in their present state. None: there is no such room.
        """
        rows = await self._database.fetch(RANGES, *map(list, zip(*asked, strict=True)))
        found = {row[0]: (room_of(row[1]), [entry_of(entry) for entry in row[2]]) for row in rows}
        return [found.get(place) for place in range(1, len(asked) + 1)]

    async def heads(self, room_ids: Sequence[RoomId]) -> dict[RoomId, Seq]:
        """Return how far these rooms go; a room that is not there is left out."""
        rows = await self._database.fetch(HEADS, list(room_ids))
        return {row["room_id"]: row["last_seq"] for row in rows}
