"""How many log-ins in a row did not succeed, in Postgres, so that all instances count together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from libs.common.postgres import Connection, Database
from services.auth.model.attempts import Attempts

STRANGERS: Final = ""
"""The origin of everybody who comes from where the owner of the account never was."""

ENSURE: Final = """
    INSERT INTO login_attempt (email_hash, origin, count, last_at)
    VALUES ($1, $2, 0, to_timestamp($3::float8))
    ON CONFLICT DO NOTHING
"""

LOCK: Final = """
    SELECT count, extract(epoch FROM last_at)::float8 AS last_at
    FROM login_attempt WHERE email_hash = $1 AND origin = $2
    FOR UPDATE
"""

KEEP: Final = """
    UPDATE login_attempt SET count = $3, last_at = to_timestamp($4::float8)
    WHERE email_hash = $1 AND origin = $2
"""

FORGET: Final = "DELETE FROM login_attempt WHERE email_hash = $1 AND origin = $2"

SWEEP: Final = "DELETE FROM login_attempt WHERE last_at < to_timestamp($1::float8)"


@dataclass(frozen=True, slots=True)
class Guessed:
    """What attempts are counted by: an e-mail address, hashed, and where they come from."""

    email_hash: bytes
    origin: str


class HeldAttempts:
    """A count that nobody else changes before the transaction ends."""

    def __init__(self, connection: Connection, guessed: Guessed, attempts: Attempts) -> None:
        self._connection = connection
        self._guessed = guessed
        self.attempts = attempts

    async def keep(self, attempts: Attempts) -> None:
        """Write the new count."""
        await self._connection.execute(
            KEEP, self._guessed.email_hash, self._guessed.origin, attempts.count, attempts.last_at
        )


class AttemptStore:
    """Keeps the counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def lock(self, guessed: Guessed, *, now: float) -> AsyncIterator[HeldAttempts]:
        """Hold a count, 0 if there was none, in a transaction that ends with the block."""
        async with self._database.transaction() as connection:
            await connection.execute(ENSURE, guessed.email_hash, guessed.origin, now)
            row = await connection.fetchrow(LOCK, guessed.email_hash, guessed.origin)
            # Gone if a right password wiped it between the two statements.
            attempts = Attempts(**row) if row else Attempts(0, now)
            yield HeldAttempts(connection, guessed, attempts)

    async def forget(self, guessed: Guessed) -> None:
        """Begin at 0 again."""
        await self._database.execute(FORGET, guessed.email_hash, guessed.origin)

    async def sweep(self, *, before: float) -> None:
        """Forget all counts that did not change since `before`."""
        await self._database.execute(SWEEP, before)
