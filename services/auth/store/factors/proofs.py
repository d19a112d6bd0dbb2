"""When a session last proved who its owner is, in Postgres."""

from typing import Final

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.postgres import Connection, Database

PROVED_AT: Final = """
    SELECT extract(epoch FROM coalesce(proved_at, created_at))::float8 FROM session
    WHERE id = $1 AND account_id = $2 AND end_reason IS NULL
"""

PROVE: Final = """
    UPDATE session SET proved_at = to_timestamp($3::float8)
    WHERE id = $1 AND account_id = $2 AND end_reason IS NULL
"""

# Long ago for all but one: what they proved was less than is asked for from now on.
OUTDATE_OTHERS: Final = """
    UPDATE session SET proved_at = to_timestamp(0)
    WHERE account_id = $1 AND id IS DISTINCT FROM $2
"""


class ProofStore:
    """Keeps the times."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def proved_at(self, session_id: SessionId, account_id: PersonId) -> float | None:
        """Return when a living session of this account last proved itself."""
        found = await self._database.fetchval(PROVED_AT, session_id, account_id)
        return None if found is None else float(found)

    async def prove(self, session_id: SessionId, account_id: PersonId, *, now: float) -> None:
        """Note that a session proved itself."""
        await self._database.execute(PROVE, session_id, account_id, now)


async def outdate_others(
    connection: Connection, account_id: PersonId, *, but: SessionId | None
) -> None:
    """Take back, within the transaction, what all sessions of an account proved except one."""
    await connection.execute(OUTDATE_OTHERS, account_id, but)
