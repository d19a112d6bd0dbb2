"""Takes rooms away of which nothing is to be left, a part at a time and the head of the log last.

Each part is a transaction of its own, and what is left to do is what is still there: so whoever
dies in the middle, or is one of several at it, leaves nothing but the next part to be done.
"""

from typing import Final

from libs.common.contracts.ids import RoomId
from libs.common.erasures import affected
from libs.common.postgres import Connection, Database

# Another instance that is at one room leaves the next to us.
NEXT: Final = """
SELECT room_id FROM purge ORDER BY begun_at, room_id LIMIT 1 FOR UPDATE SKIP LOCKED
"""

# What was being written is there by then, and nothing is written meanwhile: words of who is erased
# are taken out of deleted rooms, too.
HOLD: Final = "SELECT FROM room_head WHERE room_id = $1 FOR UPDATE"

# The present mentions of a message stand in its row; no index finds those of a room.
ENTRIES: Final = """
WITH gone AS (
    DELETE FROM log
    WHERE room_id = $1
        AND seq IN (SELECT seq FROM log WHERE room_id = $1 ORDER BY seq LIMIT $2)
    RETURNING seq, mentions
), unmentioned AS (
    DELETE FROM mention
    USING gone CROSS JOIN LATERAL unnest(gone.mentions) AS was (person_id)
    WHERE mention.person_id = was.person_id AND mention.room_id = $1 AND mention.seq = gone.seq
)
SELECT count(*) FROM gone
"""

KEYS: Final = """
DELETE FROM command_key
WHERE room_id = $1 AND (actor_id, command_id) IN (
    SELECT actor_id, command_id FROM command_key WHERE room_id = $1 LIMIT $2
)
"""

TRIES: Final = """
DELETE FROM command_try
WHERE room_id = $1 AND (actor_id, command_id) IN (
    SELECT actor_id, command_id FROM command_try WHERE room_id = $1 LIMIT $2
)
"""

REACTIONS: Final = """
DELETE FROM reaction
WHERE room_id = $1 AND (seq, person_id, emoji) IN (
    SELECT seq, person_id, emoji FROM reaction WHERE room_id = $1 LIMIT $2
)
"""

PAST: Final = """
DELETE FROM message_edit
WHERE room_id = $1 AND (seq, rev) IN (
    SELECT seq, rev FROM message_edit WHERE room_id = $1 LIMIT $2
)
"""

REPORTS: Final = """
DELETE FROM report
WHERE id IN (SELECT id FROM report WHERE room_id = $1 LIMIT $2)
"""

RECEIPTS: Final = """
DELETE FROM receipt
WHERE room_id = $1 AND person_id IN (SELECT person_id FROM receipt WHERE room_id = $1 LIMIT $2)
"""

MEMBERS: Final = """
DELETE FROM member
WHERE room_id = $1 AND person_id IN (SELECT person_id FROM member WHERE room_id = $1 LIMIT $2)
"""

HEAD: Final = "DELETE FROM room_head WHERE room_id = $1"

DONE: Final = "DELETE FROM purge WHERE room_id = $1"


class PurgingStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def step(self, *, rows: int) -> RoomId | None:
        """Take at most `rows` rows of one room away, and return which room; None: there is none."""
        async with self._database.transaction() as connection:
            room_id: RoomId | None = await connection.fetchval(NEXT)
            if room_id is None:
                return None
            await connection.execute(HOLD, room_id)
            if not await _take(connection, room_id, rows=rows):
                await connection.execute(HEAD, room_id)
                await connection.execute(DONE, room_id)
        return room_id


async def _take(connection: Connection, room_id: RoomId, *, rows: int) -> bool:
    """Take the next rows away; return False when there are none but the head."""
    step = room_id, rows
    return bool(
        await connection.fetchval(ENTRIES, *step)
        or affected(await connection.execute(REPORTS, *step))
        or affected(await connection.execute(REACTIONS, *step))
        or affected(await connection.execute(PAST, *step))
        or affected(await connection.execute(KEYS, *step))
        or affected(await connection.execute(TRIES, *step))
        or affected(await connection.execute(RECEIPTS, *step))
        or affected(await connection.execute(MEMBERS, *step))
    )
