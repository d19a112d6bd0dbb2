"""Guests who have ended and whom somebody has yet to be told of, or who have gone without a word.

Rows are taken by whoever finds them unlocked, so two instances never do the same work, and one that
dies leaves it to the other.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind
from libs.common.postgres import Connection, Database

DUE: Final = """
    SELECT person_id FROM guest_ending ORDER BY ended_at LIMIT $1 FOR UPDATE SKIP LOCKED
"""

TOLD: Final = "DELETE FROM guest_ending WHERE person_id = ANY($1)"

FREE_ALIASES: Final = "DELETE FROM guest_look WHERE person_id = ANY($1)"

# Who has not been heard of since, and those whom the end of their room ended all at once.
GONE: Final = """
    (
        SELECT room_id, person_id FROM guest
        WHERE ended_at IS NULL AND refreshed_at < to_timestamp($1::float8)
        LIMIT $2
    ) UNION ALL (
        SELECT guest.room_id, guest.person_id FROM guest JOIN room ON room.id = guest.room_id
        WHERE guest.ended_at IS NOT NULL AND guest.is_in AND room.state <> 'deleted'
        LIMIT $2
    )
    LIMIT $2
"""

STILL_GONE: Final = """
    SELECT person_id, alias FROM guest
    WHERE person_id = ANY($1) AND is_in
      AND (ended_at IS NOT NULL OR refreshed_at < to_timestamp($2::float8))
    ORDER BY person_id
    FOR NO KEY UPDATE
"""


class EndingStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def due(self, *, limit: int) -> AsyncIterator[list[PersonId]]:
        """Lend at most `limit` guests of whose end auth has to hear. It has, when the block ends:
        their aliases are free then.
        """
        async with self._database.transaction() as connection:
            rows = await connection.fetch(DUE, limit)
            person_ids = [PersonId(row["person_id"]) for row in rows]
            yield person_ids
            if person_ids:
                await connection.execute(TOLD, person_ids)
                await connection.execute(FREE_ALIASES, person_ids)

    async def gone(self, *, unheard_since: float, limit: int) -> dict[RoomId, list[PersonId]]:
        """Return at most `limit` guests who are members and ought not to be, by their rooms."""
        found: dict[RoomId, list[PersonId]] = {}
        for row in await self._database.fetch(GONE, unheard_since, limit):
            found.setdefault(RoomId(row["room_id"]), []).append(PersonId(row["person_id"]))
        return found


async def still_gone(
    connection: Connection, person_ids: Sequence[PersonId], *, unheard_since: float
) -> list[Person]:
    """Return those of these guests, whose room the transaction holds, who still ought to go; none
    of them is heard of before it ends.
    """
    rows = await connection.fetch(STILL_GONE, person_ids, unheard_since)
    return [Person(PersonKind.GUEST, PersonId(row["person_id"]), row["alias"]) for row in rows]
