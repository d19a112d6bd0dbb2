"""Sessions of guests in Postgres. An end is written in one transaction with the fact that tells
everybody.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId, RoomId, SessionId
from libs.common.postgres import Connection, Database
from services.auth.model.guests import NOWHERE, GuestSession
from services.auth.model.sessions import Ending, Session
from services.auth.store.facts import Facts

EndedGuest = tuple[SessionId, PersonId]
"""A session that was ended, and whose."""

COLUMNS: Final = """
    id, person_id, room_id, name, generation, token_hash, client_hash,
    extract(epoch FROM created_at)::float8 AS created_at,
    extract(epoch FROM used_at)::float8 AS used_at,
    extract(epoch FROM ends_at)::float8 AS ends_at,
    end_reason IS NOT NULL AS is_revoked
"""

INSERT: Final = """
    INSERT INTO guest_session (
        id, person_id, room_id, name, generation, token_hash, client_hash,
        created_at, used_at, ends_at
    )
    VALUES (
        $1, $2, $3, $4, $5, $6, $7,
        to_timestamp($8::float8), to_timestamp($8::float8), to_timestamp($9::float8)
    )
"""

LOCK: Final = f"""
    SELECT {COLUMNS} FROM guest_session WHERE id = $1 AND room_id = $2 FOR UPDATE
"""

ROTATE: Final = """
    UPDATE guest_session
    SET generation = $2, token_hash = $3, client_hash = $4,
        used_at = to_timestamp($5::float8), ends_at = to_timestamp($6::float8)
    WHERE id = $1
"""

# In the order of ids, so that two who end the same guests never wait for each other in a circle.
END: Final = """
    WITH due AS MATERIALIZED (
        SELECT id FROM guest_session
        WHERE person_id = ANY($1) AND end_reason IS NULL
        ORDER BY id FOR UPDATE
    )
    UPDATE guest_session SET end_reason = $2, tokens_until = to_timestamp($3::float8)
    FROM due WHERE guest_session.id = due.id
    RETURNING guest_session.id, guest_session.person_id
"""

SWEEP: Final = """
    DELETE FROM guest_session
    WHERE ends_at < to_timestamp($1::float8) AND end_reason IS NULL
       OR tokens_until < to_timestamp($1::float8)
"""


class HeldGuest:
    """A guest's session that nobody else changes before the transaction ends."""

    def __init__(self, connection: Connection, facts: Facts, *, guest: GuestSession) -> None:
        self._connection = connection
        self._facts = facts
        self.guest = guest

    async def rotate(self, session: Session) -> None:
        """Write the next link of the chain."""
        await self._connection.execute(
            ROTATE,
            session.id,
            session.generation,
            session.token_hash,
            session.client_hash,
            session.used_at,
            session.ends_at,
        )

    async def end(self, ending: Ending) -> list[EndedGuest]:
        """End all sessions of this guest; return them."""
        person_ids = [self.guest.person.id]
        return await _end(self._connection, self._facts, person_ids, ending=ending)


class GuestStore:
    """Reads and writes sessions of guests."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def open(self, guest: GuestSession) -> None:
        """Store a new session."""
        session = guest.session
        await self._database.execute(
            INSERT,
            session.id,
            session.account_id,
            guest.room_id,
            guest.name,
            session.generation,
            session.token_hash,
            session.client_hash,
            session.created_at,
            session.ends_at,
        )

    @asynccontextmanager
    async def lock(self, session_id: SessionId, room_id: RoomId) -> AsyncIterator[HeldGuest | None]:
        """Hold a session of a guest of this room in a transaction that ends with the block; None if
        there is none.
        """
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(LOCK, session_id, room_id)
            yield HeldGuest(connection, self._facts, guest=_guest(row)) if row else None

    async def end(self, person_ids: Sequence[PersonId], *, ending: Ending) -> list[EndedGuest]:
        """End all sessions of these guests; return those that were ended."""
        async with self._facts.telling() as connection:
            return await _end(connection, self._facts, person_ids, ending=ending)

    async def sweep(self, *, before: float) -> None:
        """Delete sessions that are over, and whose last token expired, before that time."""
        await self._database.execute(SWEEP, before)


async def _end(
    connection: Connection, facts: Facts, person_ids: Sequence[PersonId], *, ending: Ending
) -> list[EndedGuest]:
    rows = await connection.fetch(END, person_ids, ending.reason, ending.until)
    ended = sorted((PersonId(row["person_id"]), SessionId(row["id"])) for row in rows)
    for person_id, session_id in ended:
        await facts.ended(connection, [session_id], account_id=person_id, ending=ending)
    return [(session_id, person_id) for person_id, session_id in ended]


def _guest(row: asyncpg.Record) -> GuestSession:
    session = Session(
        id=SessionId(row["id"]),
        account_id=PersonId(row["person_id"]),
        device=NOWHERE,
        proved_by=(),
        generation=row["generation"],
        token_hash=row["token_hash"],
        client_hash=row["client_hash"],
        created_at=row["created_at"],
        used_at=row["used_at"],
        expires_at=row["ends_at"],
        ends_at=row["ends_at"],
        is_revoked=row["is_revoked"],
    )
    return GuestSession(session, RoomId(row["room_id"]), row["name"])
