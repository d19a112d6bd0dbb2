"""Authenticator apps in Postgres: one that is in use, and one that waits for its first code."""

from dataclasses import dataclass
from typing import Final

import asyncpg
import structlog

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection, Database
from services.auth.store.factors.seals import Seals

log = structlog.get_logger()

# No step was used: -1 is before all of them.
OFFER: Final = """
    INSERT INTO totp (account_id, is_confirmed, sealed, last_step, made_at)
    VALUES ($1, false, $2, -1, to_timestamp($3::float8))
    ON CONFLICT (account_id, is_confirmed) DO UPDATE
    SET sealed = excluded.sealed, last_step = excluded.last_step, made_at = excluded.made_at
"""

OFFERED: Final = """
    SELECT sealed, last_step FROM totp
    WHERE account_id = $1 AND NOT is_confirmed AND made_at > to_timestamp($2::float8)
"""

IN_USE: Final = "SELECT sealed, last_step FROM totp WHERE account_id = $1 AND is_confirmed"

# Of two that show the same code at once one moves the step, and the other finds it moved.
USE: Final = """
    UPDATE totp SET last_step = $2
    WHERE account_id = $1 AND is_confirmed AND last_step < $2
    RETURNING true
"""

REMOVE: Final = "DELETE FROM totp WHERE account_id = $1 AND is_confirmed RETURNING true"

# Only the seed whose code was looked at: another may have been offered meanwhile.
CONFIRM: Final = """
    UPDATE totp SET is_confirmed = true, last_step = $3
    WHERE account_id = $1 AND NOT is_confirmed AND sealed = $2
    RETURNING true
"""


@dataclass(frozen=True, slots=True)
class StoredSeed:
    """A seed, the last step whose code was used, and what stands for it in the database."""

    seed: bytes
    last_step: int
    sealed: str


class TotpStore:
    """Keeps the seeds, sealed."""

    def __init__(self, database: Database, seals: Seals) -> None:
        self._database = database
        self._seals = seals

    async def offer(self, account_id: PersonId, seed: bytes, *, now: float) -> None:
        """Store a seed that waits for its first code, in place of one that did so before."""
        sealed = self._seals.seal(seed, account_id)
        await self._database.execute(OFFER, account_id, sealed, now)

    async def offered(self, account_id: PersonId, *, since: float) -> StoredSeed | None:
        """Return the seed that waits for its first code, unless it was offered before `since`."""
        return self._opened(await self._database.fetchrow(OFFERED, account_id, since), account_id)

    async def in_use(self, account_id: PersonId) -> StoredSeed | None:
        """Return the seed whose codes are good."""
        return self._opened(await self._database.fetchrow(IN_USE, account_id), account_id)

    async def use(self, account_id: PersonId, step: int) -> bool:
        """Use up all codes to that step; tell whether nobody was faster."""
        return bool(await self._database.fetchval(USE, account_id, step))

    def _opened(self, row: asyncpg.Record | None, account_id: PersonId) -> StoredSeed | None:
        if row is None:
            return None
        seed = self._seals.open(row["sealed"], account_id)
        if seed is None:
            log.error("totp_seed_unreadable", user_id=account_id)
            return None
        return StoredSeed(seed, row["last_step"], row["sealed"])


async def confirm(
    connection: Connection, account_id: PersonId, *, stored: StoredSeed, step: int
) -> bool:
    """Put an offered seed in use within the transaction, in place of the one before.

    Tells whether it was still the one that was offered.
    """
    await connection.execute(REMOVE, account_id)
    return bool(await connection.fetchval(CONFIRM, account_id, stored.sealed, step))


async def remove(connection: Connection, account_id: PersonId) -> bool:
    """Take the authenticator app away within the transaction; tell whether there was one."""
    return bool(await connection.fetchval(REMOVE, account_id))
