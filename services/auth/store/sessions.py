"""Sessions in Postgres.

An end is written in one transaction with the fact that tells everybody. Whatever touches several
sessions of an account holds the account's row first, so that no two of them wait for each other.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.postgres import Connection, Database
from services.auth.model.acts import Act, Kind
from services.auth.model.proofs import Method
from services.auth.model.sessions import Device, Ending, EndReason, Session
from services.auth.store.audit import note_all
from services.auth.store.facts import Facts

COLUMNS: Final = """
    id, account_id, device, address, proved_by, generation, token_hash, client_hash,
    extract(epoch FROM created_at)::float8 AS created_at,
    extract(epoch FROM used_at)::float8 AS used_at,
    extract(epoch FROM expires_at)::float8 AS expires_at,
    extract(epoch FROM ends_at)::float8 AS ends_at,
    end_reason IS NOT NULL AS is_revoked
"""

# Nothing is stored for a disabled account; one that is being disabled right now is waited for.
INSERT: Final = """
    INSERT INTO session (
        id, account_id, device, address, proved_by, generation, token_hash, client_hash,
        created_at, used_at, expires_at, ends_at
    )
    SELECT $1, account.id, $3, $4, $5, $6, $7, $8,
           to_timestamp($9::float8), to_timestamp($10::float8),
           to_timestamp($11::float8), to_timestamp($12::float8)
    FROM account
    WHERE account.id = $2 AND account.disabled_at IS NULL
    FOR NO KEY UPDATE OF account
    RETURNING true
"""

END_OLDEST: Final = """
    UPDATE session SET end_reason = $3, tokens_until = to_timestamp($4::float8)
    WHERE id IN (
        SELECT id FROM session
        WHERE account_id = $1 AND end_reason IS NULL
        ORDER BY used_at DESC, id DESC
        OFFSET $2
    ) AND end_reason IS NULL
    RETURNING id
"""

LOCK: Final = f"SELECT {COLUMNS} FROM session WHERE id = $1 FOR UPDATE"

ROTATE: Final = """
    UPDATE session
    SET generation = $2, token_hash = $3, client_hash = $4,
        used_at = to_timestamp($5::float8), expires_at = to_timestamp($6::float8)
    WHERE id = $1
"""

END: Final = """
    UPDATE session SET end_reason = $3, tokens_until = to_timestamp($4::float8)
    WHERE id = $1 AND account_id = $2 AND end_reason IS NULL
    RETURNING id
"""

LOCK_ACCOUNT: Final = "SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE"

END_ALL: Final = """
    UPDATE session SET end_reason = $2, tokens_until = to_timestamp($3::float8)
    WHERE account_id = $1 AND end_reason IS NULL
    RETURNING id
"""

LIVING: Final = f"""
    SELECT {COLUMNS} FROM session
    WHERE account_id = $1 AND end_reason IS NULL AND expires_at > to_timestamp($2::float8)
    ORDER BY used_at DESC, id DESC
"""

# Of guests, and of API tokens, which are sessions of their own, too.
ENDED: Final = """
    SELECT id, extract(epoch FROM tokens_until)::float8 AS until FROM session
    WHERE tokens_until > to_timestamp($1::float8)
    UNION ALL
    SELECT id, extract(epoch FROM tokens_until)::float8 AS until FROM guest_session
    WHERE tokens_until > to_timestamp($1::float8)
    UNION ALL
    SELECT id, extract(epoch FROM refused_until)::float8 AS until FROM api_token
    WHERE refused_until > to_timestamp($1::float8)
"""

SWEEP: Final = """
    DELETE FROM session
    WHERE expires_at < to_timestamp($1::float8) AND end_reason IS NULL
       OR tokens_until < to_timestamp($1::float8)
"""


Check = Callable[[Connection], Awaitable[None]]
"""Raises if what was proved is not enough any more; nobody else changes the account meanwhile."""


class HeldSession:
    """A session that nobody else changes before the transaction ends."""

    def __init__(self, connection: Connection, facts: Facts, *, session: Session) -> None:
        self._connection = connection
        self._facts = facts
        self.session = session
        self.is_ended = False

    async def rotate(self, session: Session) -> None:
        """Write the next link of the chain."""
        await self._connection.execute(
            ROTATE,
            session.id,
            session.generation,
            session.token_hash,
            session.client_hash,
            session.used_at,
            session.expires_at,
        )

    async def end(self, ending: Ending) -> None:
        """End the session."""
        self.is_ended = True
        await _end(
            self._connection,
            self._facts,
            session_id=self.session.id,
            account_id=self.session.account_id,
            ending=ending,
        )


class SessionStore:
    """Reads and writes sessions."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def open(
        self, session: Session, *, check: Check, max_sessions: int, ending: Ending
    ) -> list[SessionId] | None:
        """Store a session and end those beyond `max_sessions`, unused ones first.

        Returns those that were ended, or None when the account is disabled.  Raises: what `check`
        raises, and then nothing is stored.
        """
        async with self._facts.telling() as connection:
            await connection.execute(LOCK_ACCOUNT, session.account_id)
            await check(connection)
            if not await insert(connection, session):
                return None
            rows = await connection.fetch(
                END_OLDEST, session.account_id, max_sessions, ending.reason, ending.until
            )
            return await _tell(
                connection, self._facts, rows, account_id=session.account_id, ending=ending
            )

    @asynccontextmanager
    async def lock(self, session_id: SessionId) -> AsyncIterator[HeldSession | None]:
        """Hold a session in a transaction that ends with the block; None if there is none."""
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(LOCK, session_id)
            held = HeldSession(connection, self._facts, session=_session(row)) if row else None
            yield held
        if held is not None and held.is_ended:
            self._facts.wake()

    async def end(
        self, session_id: SessionId, account_id: PersonId, *, ending: Ending
    ) -> list[SessionId]:
        """End a session of this account; return it, or nothing if it had ended or is not theirs."""
        async with self._facts.telling() as connection:
            return await _end(
                connection,
                self._facts,
                session_id=session_id,
                account_id=account_id,
                ending=ending,
            )

    async def end_all(self, account_id: PersonId, *, ending: Ending) -> list[SessionId]:
        """End all sessions of an account; return those that were ended."""
        async with self._facts.telling() as connection:
            await connection.execute(LOCK_ACCOUNT, account_id)
            return await end_all(connection, self._facts, account_id=account_id, ending=ending)

    async def living(self, account_id: PersonId, *, now: float) -> list[Session]:
        """Return the sessions that can still be refreshed, the one used last first."""
        return [_session(row) for row in await self._database.fetch(LIVING, account_id, now)]

    async def ended(self, *, since: float) -> list[tuple[SessionId, float]]:
        """Return ended sessions with the time at which their last token expires, after `since`."""
        rows = await self._database.fetch(ENDED, since)
        return [(SessionId(row["id"]), row["until"]) for row in rows]

    async def sweep(self, *, before: float) -> None:
        """Delete sessions that expired, or whose last token did, before that time."""
        await self._database.execute(SWEEP, before)


async def insert(connection: Connection, session: Session) -> bool:
    """Store a new session within the transaction; tell whether its account may have one."""
    stored = await connection.fetchval(
        INSERT,
        session.id,
        session.account_id,
        session.device.name,
        session.device.address,
        session.proved_by,
        session.generation,
        session.token_hash,
        session.client_hash,
        session.created_at,
        session.used_at,
        session.expires_at,
        session.ends_at,
    )
    return bool(stored)


async def end_all(
    connection: Connection, facts: Facts, *, account_id: PersonId, ending: Ending
) -> list[SessionId]:
    """End all sessions of an account, whose row the transaction holds; return them."""
    rows = await connection.fetch(END_ALL, account_id, ending.reason, ending.until)
    return await _tell(connection, facts, rows, account_id=account_id, ending=ending)


async def _end(
    connection: Connection,
    facts: Facts,
    *,
    session_id: SessionId,
    account_id: PersonId,
    ending: Ending,
) -> list[SessionId]:
    rows = await connection.fetch(END, session_id, account_id, ending.reason, ending.until)
    return await _tell(connection, facts, rows, account_id=account_id, ending=ending)


async def _tell(
    connection: Connection,
    facts: Facts,
    rows: list[asyncpg.Record],
    *,
    account_id: PersonId,
    ending: Ending,
) -> list[SessionId]:
    ended = [SessionId(row["id"]) for row in rows]
    acts = [_act(session_id, account_id, ending) for session_id in ended]
    await note_all(connection, acts, now=ending.at)
    await facts.ended(connection, ended, account_id=account_id, ending=ending)
    return ended


def _act(session_id: SessionId, account_id: PersonId, ending: Ending) -> Act:
    is_own = ending.reason in {
        EndReason.LOGGED_OUT,
        EndReason.LOGGED_OUT_EVERYWHERE,
        EndReason.ENDED_FROM_LIST,
    }
    is_reused = ending.reason is EndReason.TOKEN_REUSED
    return Act(
        kind=Kind.TOKEN_REUSED if is_reused else Kind.SESSION_ENDED,
        actor_id=account_id if is_own else None,
        subject_id=account_id,
        outcome="done",
        address=None,
        session_id=session_id,
        details={"reason": ending.reason},
    )


def _session(row: asyncpg.Record) -> Session:
    return Session(
        id=SessionId(row["id"]),
        account_id=PersonId(row["account_id"]),
        device=Device(row["device"], row["address"]),
        proved_by=tuple(Method(method) for method in row["proved_by"]),
        generation=row["generation"],
        token_hash=row["token_hash"],
        client_hash=row["client_hash"],
        created_at=row["created_at"],
        used_at=row["used_at"],
        expires_at=row["expires_at"],
        ends_at=row["ends_at"],
        is_revoked=row["is_revoked"],
    )
