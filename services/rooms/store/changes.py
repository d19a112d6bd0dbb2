"""What was changed about a room, by whom: written with the change itself, read by its admins."""

from collections.abc import Mapping
from typing import Final

import asyncpg
from pydantic import JsonValue, TypeAdapter

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind
from libs.common.postgres import Connection, Database
from services.rooms.model import NotedChange

DETAILS: Final[TypeAdapter[dict[str, JsonValue]]] = TypeAdapter(dict[str, JsonValue])

NOTE: Final = """
    INSERT INTO room_change (room_id, at, kind, actor_id, subject_id, details)
    VALUES ($1, to_timestamp($2::float8), $3, $4, $5, $6)
"""

PAGE: Final = """
    SELECT c.id, extract(epoch FROM c.at)::float8 AS at, c.kind, c.details,
        c.actor_id, actor.kind AS actor_kind, actor.name AS actor_name,
        c.subject_id, subject.kind AS subject_kind, subject.name AS subject_name
    FROM room_change c
    LEFT JOIN person actor ON actor.id = c.actor_id
    LEFT JOIN person subject ON subject.id = c.subject_id
    WHERE c.room_id = $1 AND c.id < $2
    ORDER BY c.id DESC
    LIMIT $3
"""


async def note(
    connection: Connection,
    room_id: RoomId,
    *,
    kind: str,
    actor_id: PersonId,
    subject_id: PersonId | None = None,
    details: Mapping[str, str | int | bool | None],
    now: float,
) -> None:
    """Add to a room's history, if the transaction is committed."""
    await connection.execute(
        NOTE, room_id, now, kind, actor_id, subject_id, DETAILS.dump_json(dict(details))
    )


class ChangeStore:
    """Reads the history of rooms."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, room_id: RoomId, *, before: int, limit: int) -> list[NotedChange]:
        """Return at most `limit` changes that came before the one of this id, newest first."""
        rows = await self._database.fetch(PAGE, room_id, before, limit)
        return [_change_of(row) for row in rows]


def _change_of(row: asyncpg.Record) -> NotedChange:
    return NotedChange(
        id=row["id"],
        at=row["at"],
        kind=row["kind"],
        actor=_person(row, "actor"),
        subject=_person(row, "subject"),
        details=DETAILS.validate_json(row["details"]),
    )


def _person(row: asyncpg.Record, part: str) -> Person | None:
    """Return who stands in these columns; None for nobody, and for the clock."""
    if row[f"{part}_name"] is None:
        return None
    kind = PersonKind(row[f"{part}_kind"])
    return Person(kind, PersonId(row[f"{part}_id"]), row[f"{part}_name"])
