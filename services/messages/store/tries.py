"""How often commands were begun after a crash: the only way to find out which one causes them."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.ids import CommandId, PersonId, RoomId
from libs.common.postgres import Database
from services.messages.store.rows import columns, moment

Try = tuple[RoomId, PersonId, CommandId]

FORGET_AFTER_S: Final = 86_400
"""A command that crashes processes comes again within seconds, not tomorrow."""

TRIES: Final = """
SELECT coalesce(tries, 0) AS tries
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) WITH ORDINALITY
    AS asked (room_id, actor_id, command_id, place)
LEFT JOIN command_try USING (room_id, actor_id, command_id)
ORDER BY place
"""

FORGET: Final = "DELETE FROM command_try WHERE begun_at < $1"

COUNT: Final = """
INSERT INTO command_try (room_id, actor_id, command_id, tries, begun_at)
SELECT DISTINCT room_id, actor_id, command_id, 1, $1::timestamptz
FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS begun (room_id, actor_id, command_id)
ORDER BY room_id, actor_id, command_id
ON CONFLICT (room_id, actor_id, command_id) DO UPDATE
SET tries = command_try.tries + 1, begun_at = excluded.begun_at
"""


class TryStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def tries(self, commands: Sequence[Try]) -> list[int]:
        """Return how often each was begun, in order."""
        rows = await self._database.fetch(TRIES, *columns(commands, 3))
        return [row["tries"] for row in rows]

    async def count(self, commands: Sequence[Try], *, now: float) -> None:
        """Count one more try of each."""
        await self._database.execute(FORGET, moment(now - FORGET_AFTER_S))
        await self._database.execute(COUNT, moment(now), *columns(commands, 3))
