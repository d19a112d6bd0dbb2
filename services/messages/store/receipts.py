"""Writes read cursors."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.postgres import Database
from services.messages.store.rows import columns

Read = tuple[RoomId, PersonId, Seq]

# In one order, so that two writers never wait for each other. Only cursors that moved come back.
MOVE: Final = """
INSERT INTO receipt (room_id, person_id, read_seq)
SELECT room_id, person_id, read_seq
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS read (room_id, person_id, read_seq)
WHERE read_seq > 0
ORDER BY room_id, person_id
ON CONFLICT (room_id, person_id) DO UPDATE SET read_seq = excluded.read_seq
WHERE receipt.read_seq < excluded.read_seq
RETURNING room_id, person_id, read_seq
"""


class ReceiptStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def move(self, reads: Sequence[Read]) -> list[Read]:
        """Move read cursors forward and return those that moved; one per person and room."""
        rows = await self._database.fetch(MOVE, *columns(reads, 3))
        return [(row["room_id"], row["person_id"], row["read_seq"]) for row in rows]
