"""All SQL of presence: choices and when somebody was last seen."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import asyncpg
from pydantic import JsonValue

from libs.common.contracts.ids import PersonId
from libs.common.contracts.privacy import ErasureRequest
from libs.common.erasures import affected, count
from libs.common.postgres import Database
from libs.common.times import rfc3339
from services.presence.model import Choice, Chosen

CHOICES = """
SELECT person_id, chosen, status_text FROM status
WHERE chosen <> 'online' OR status_text IS NOT NULL
"""

CHOOSE = """
INSERT INTO status (person_id, chosen, status_text) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET chosen = excluded.chosen, status_text = excluded.status_text
"""

# Rows are locked in the order of their ids, so that two writers never wait for each other.
SEEN = """
INSERT INTO status (person_id, last_seen)
SELECT person_id, last_seen
FROM unnest($1::uuid[], $2::timestamptz[]) AS seen (person_id, last_seen)
ORDER BY person_id
ON CONFLICT (person_id) DO UPDATE SET last_seen = greatest(status.last_seen, excluded.last_seen)
"""

EXPORT = """
SELECT chosen, status_text, extract(epoch FROM last_seen)::float8 AS last_seen
FROM status WHERE person_id = $1
"""

ERASE = "DELETE FROM status WHERE person_id = $1"

LAST_SEEN = "SELECT person_id, last_seen FROM status WHERE person_id = ANY($1)"


class Store:
    """What presence keeps over a restart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def choices(self) -> list[Choice]:
        """Return every choice that is not the default."""
        return [_choice(row) for row in await self._database.fetch(CHOICES)]

    async def choose(self, choice: Choice) -> None:
        await self._database.execute(
            CHOOSE, choice.person_id, choice.chosen.value, choice.status_text
        )

    async def save_seen(self, seen: Mapping[PersonId, float]) -> None:
        """Note when people were last seen; an earlier time never replaces a later one."""
        times = [datetime.fromtimestamp(moment, UTC) for moment in seen.values()]
        await self._database.execute(SEEN, list(seen), times)

    async def last_seen(self, person_ids: Sequence[PersonId]) -> dict[PersonId, float]:
        """Return the times, in seconds since 1970, of those who were ever seen."""
        rows = await self._database.fetch(LAST_SEEN, list(person_ids))
        return {
            PersonId(row["person_id"]): row["last_seen"].timestamp()
            for row in rows
            if row["last_seen"] is not None
        }

    async def export(self, person_id: PersonId) -> dict[str, JsonValue] | None:
        """Return all that is kept of somebody, None if that is nothing."""
        row = await self._database.fetchrow(EXPORT, person_id)
        if row is None:
            return None
        last_seen = None if row["last_seen"] is None else rfc3339(row["last_seen"])
        return {
            "chosen": row["chosen"],
            "status_text": row["status_text"],
            "last_seen": last_seen,
        }

    async def erase(self, request: ErasureRequest) -> None:
        """Delete all that is kept of somebody."""
        async with self._database.transaction() as connection:
            deleted = affected(await connection.execute(ERASE, request.person.id))
            await count(connection, request, {"status": deleted})


def _choice(row: asyncpg.Record) -> Choice:
    return Choice(PersonId(row["person_id"]), Chosen(row["chosen"]), row["status_text"])
