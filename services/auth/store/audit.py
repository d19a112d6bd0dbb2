"""The audit log in Postgres: entries are added and read, never changed.

Names and addresses stand in a table beside it, from which `erase` takes them. What is older than an
operator wants is deleted by a function of the schema, which spares what is young.
"""

import json
from collections.abc import Sequence
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection, Database
from services.auth.model.acts import Act, Entry, Kind, SoughtEntries

NOTE: Final = """
    WITH entry AS (
        INSERT INTO audit (at, kind, outcome, actor_id, subject_id, session_id, details)
        VALUES (to_timestamp($1::float8), $2, $3, $4, $5, $6, $7)
        RETURNING id
    )
    INSERT INTO audit_trace (entry_id, actor_id, actor_name, subject_id, subject_name, address)
    SELECT entry.id, $4, (SELECT name FROM account WHERE id = $4),
           $5, (SELECT name FROM account WHERE id = $5), $8
    FROM entry
"""

LIST: Final = """
    SELECT audit.id, extract(epoch FROM audit.at)::float8 AS at, audit.kind, audit.outcome,
           audit.actor_id, audit.subject_id, audit.session_id, audit.details,
           audit_trace.actor_name, audit_trace.subject_name, audit_trace.address
    FROM audit LEFT JOIN audit_trace ON audit_trace.entry_id = audit.id
    WHERE ($1::text IS NULL OR audit.kind = $1)
      AND ($2::uuid IS NULL OR audit.actor_id = $2 OR audit.subject_id = $2)
      AND audit.at >= to_timestamp($3::float8)
      AND (audit.at, audit.id) < (to_timestamp($4::float8), $5)
    ORDER BY audit.at DESC, audit.id DESC
    LIMIT $6
"""

FORGET: Final = "SELECT forget_audit(to_timestamp($1::float8), $2)"

FORGOTTEN_AT_ONCE: Final = 1_000
"""Entries that one statement deletes."""

# An address is that of whoever acted: of the subject, where nobody else is known to have.
ERASE_ACTOR: Final = """
    UPDATE audit_trace SET actor_name = NULL, address = NULL WHERE actor_id = $1
"""

ERASE_SUBJECT: Final = """
    UPDATE audit_trace
    SET subject_name = NULL, address = CASE WHEN actor_id IS NULL THEN NULL ELSE address END
    WHERE subject_id = $1
"""


class AuditStore:
    """Reads the log, and lets what is old go."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(
        self, sought: SoughtEntries, *, before: tuple[float, int], limit: int
    ) -> list[Entry]:
        """Return at most `limit` entries from before a time and id, the newest first."""
        rows = await self._database.fetch(
            LIST, sought.kind, sought.person_id, sought.since, *before, limit
        )
        return [_entry(row) for row in rows]

    async def forget(self, *, before: float) -> int:
        """Delete entries from before that time, though none of the last 30 days; return how many.

        One call deletes a part of many.
        """
        return int(await self._database.fetchval(FORGET, before, FORGOTTEN_AT_ONCE))


async def note(connection: Connection, act: Act, *, now: float) -> None:
    """Add an act to the log within the transaction."""
    await note_all(connection, [act], now=now)


async def note_all(connection: Connection, acts: Sequence[Act], *, now: float) -> None:
    """Add acts to the log within the transaction."""
    rows = [
        (
            now,
            act.kind,
            act.outcome,
            act.actor_id,
            act.subject_id,
            act.session_id,
            json.dumps(dict(act.details)).encode(),
            act.address,
        )
        for act in acts
    ]
    await connection.executemany(NOTE, rows)


async def erase(connection: Connection, person_id: PersonId) -> None:
    """Empty what says who a person was and where they came from; the entries stay."""
    await connection.execute(ERASE_ACTOR, person_id)
    await connection.execute(ERASE_SUBJECT, person_id)


def _entry(row: asyncpg.Record) -> Entry:
    act = Act(
        kind=Kind(row["kind"]),
        actor_id=row["actor_id"],
        subject_id=row["subject_id"],
        outcome=row["outcome"],
        address=row["address"],
        session_id=row["session_id"],
        details=json.loads(row["details"]),
    )
    return Entry(row["id"], row["at"], act, row["actor_name"], row["subject_name"])
