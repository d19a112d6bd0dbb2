"""All SQL of presence: choices and when somebody was last seen."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import asyncpg
from pydantic import JsonValue

from libs.common.contracts.ids import PersonId
from libs.common.contracts.privacy import ErasureRequest
from libs.common.erasures import affected, count
from libs.common.postgres import Database
from libs.common.times import rfc3339_if
from services.presence.model import Choice, Chosen, LastSeenTo

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
WHERE status.last_seen_to = 'everybody'
"""

UNSEEN = "SELECT person_id FROM status WHERE last_seen_to = 'nobody'"

LAST_SEEN_TO = "SELECT last_seen_to FROM status WHERE person_id = $1"

SHOW_LAST_SEEN = """
INSERT INTO status (person_id, last_seen_to) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE
SET last_seen_to = excluded.last_seen_to,
    last_seen = CASE WHEN excluded.last_seen_to = 'everybody' THEN status.last_seen END
"""

EXPORT = """
SELECT chosen, status_text, last_seen_to, extract(epoch FROM last_seen)::float8 AS last_seen
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

    async def unseen(self) -> list[PersonId]:
        """Return everybody of whom nobody may know when they were last seen."""
        return [PersonId(row["person_id"]) for row in await self._database.fetch(UNSEEN)]

    async def last_seen_to(self, person_id: PersonId) -> LastSeenTo:
        """Return who may know when somebody was last seen."""
        return LastSeenTo(await self._database.fetchval(LAST_SEEN_TO, person_id) or "everybody")

    async def show_last_seen(self, person_id: PersonId, to: LastSeenTo) -> None:
        """Keep who may know it; if nobody may, forget what is known."""
        await self._database.execute(SHOW_LAST_SEEN, person_id, to.value)

    async def save_seen(self, seen: Mapping[PersonId, float]) -> None:
        """Note when people were last seen; an earlier time never replaces a later one, and of whom
        nobody may know it, it is not noted.
        """
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
        last_seen = rfc3339_if(row["last_seen"])
        return {
            "chosen": row["chosen"],
            "status_text": row["status_text"],
            "last_seen": last_seen,
            "last_seen_to": row["last_seen_to"],
        }

    async def erase(self, request: ErasureRequest) -> None:
        """Delete all that is kept of somebody."""
        async with self._database.transaction() as connection:
            deleted = affected(await connection.execute(ERASE, request.person.id))
            await count(connection, request, {"status": deleted})


def _choice(row: asyncpg.Record) -> Choice:
    return Choice(PersonId(row["person_id"]), Chosen(row["chosen"]), row["status_text"])
