"""From which networks people logged in, in Postgres, as keyed hashes: enough to know them again."""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection
from services.auth.model.sessions import Session

# The sessions are asked too: the one that registering opened has left no mark. Who has never been
# anywhere is at home wherever they come from first.
IS_KNOWN: Final = """
    WITH others AS (
        SELECT address FROM session WHERE account_id = $1 AND id <> $3
    )
    SELECT EXISTS (SELECT FROM known_place WHERE account_id = $1 AND mark = $2)
        OR EXISTS (SELECT FROM others WHERE address = $4)
        OR NOT (
            EXISTS (SELECT FROM known_place WHERE account_id = $1)
            OR EXISTS (SELECT FROM others)
        )
"""

KEEP: Final = """
    INSERT INTO known_place (account_id, mark, used_at)
    VALUES ($1, $2, to_timestamp($3::float8))
    ON CONFLICT (account_id, mark) DO UPDATE SET used_at = excluded.used_at
"""


async def is_known(connection: Connection, session: Session, *, mark: bytes) -> bool:
    """Tell whether the owner of a new session was there before."""
    known = await connection.fetchval(
        IS_KNOWN,
        session.account_id,
        mark,
        session.id,
        session.device.address,
    )
    return bool(known)


async def keep(connection: Connection, account_id: PersonId, *, mark: bytes, now: float) -> None:
    """Remember that somebody was there."""
    await connection.execute(KEEP, account_id, mark, now)
