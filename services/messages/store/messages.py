"""Reads messages in their present state: one, or a page of a room's history."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.ids import MessageId, PersonId, RoomId, Seq
from libs.common.postgres import Database
from services.messages.model.log import Message, PastVersion, Reactions
from services.messages.store.rows import MESSAGE, message_of

FIND: Final = f"SELECT {MESSAGE} FROM log m WHERE m.message_id = $1"

OLDER: Final = f"""
SELECT {MESSAGE} FROM log m
WHERE m.room_id = $1 AND m.message_id IS NOT NULL AND m.seq < $2
ORDER BY m.seq DESC
LIMIT $3
"""

NEWER: Final = f"""
SELECT {MESSAGE} FROM log m
WHERE m.room_id = $1 AND m.message_id IS NOT NULL AND m.seq > $2
ORDER BY m.seq
LIMIT $3
"""

KEPT: Final = f"""
SELECT {MESSAGE} FROM log m
WHERE m.room_id = $1 AND m.message_id IS NOT NULL AND m.deleted_seq IS NULL
    AND m.seq > $2 AND m.seq <= $3
ORDER BY m.seq
LIMIT $4
"""

# Emoji stand in the order in which they first came.
REACTIONS: Final = """
SELECT seq, emoji, count(*) AS count, bool_or(person_id = $3) AS is_mine
FROM reaction
WHERE room_id = $1 AND seq = ANY($2::bigint[])
GROUP BY seq, emoji
ORDER BY seq, min(added_seq)
"""

PAST: Final = """
SELECT seq, rev, content, written_at FROM message_edit
WHERE room_id = $1 AND seq = $2 AND rev > $3
ORDER BY rev
LIMIT $4
"""


class MessageStore:
    """Reads messages, deleted ones too: they keep their place."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, message_id: MessageId) -> Message | None:
        row = await self._database.fetchrow(FIND, message_id)
        return None if row is None else message_of(tuple(row))

    async def older(self, room_id: RoomId, *, before: Seq, limit: int) -> list[Message]:
        """Return at most `limit` messages before a seq, oldest first."""
        rows = await self._database.fetch(OLDER, room_id, before, limit)
        return [message_of(tuple(row)) for row in reversed(rows)]

    async def newer(self, room_id: RoomId, *, after: Seq, limit: int) -> list[Message]:
        """Return at most `limit` messages after a seq, oldest first."""
        rows = await self._database.fetch(NEWER, room_id, after, limit)
        return [message_of(tuple(row)) for row in rows]

    async def kept(self, room_id: RoomId, *, after: Seq, up_to: Seq, limit: int) -> list[Message]:
        """Return at most `limit` messages of a stretch that were not deleted, oldest first."""
        rows = await self._database.fetch(KEPT, room_id, after, up_to, limit)
        return [message_of(tuple(row)) for row in rows]

    async def reactions(
        self, room_id: RoomId, seqs: Sequence[Seq], *, reader: PersonId
    ) -> dict[Seq, list[Reactions]]:
        """Return the reactions to some messages of a room as `reader` sees them."""
        found: dict[Seq, list[Reactions]] = {}
        for row in await self._database.fetch(REACTIONS, room_id, list(seqs), reader):
            reactions = Reactions(row["emoji"], row["count"], row["is_mine"])
            found.setdefault(row["seq"], []).append(reactions)
        return found

    async def past(
        self, room_id: RoomId, seq: Seq, *, after_rev: int, limit: int
    ) -> list[PastVersion]:
        """Return what a message said before its edits, oldest first."""
        rows = await self._database.fetch(PAST, room_id, seq, after_rev, limit)
        return [
            PastVersion(row["seq"], row["rev"], row["content"], row["written_at"].timestamp())
            for row in rows
        ]
