"""Log-ins that wait for their second factor, in Postgres: any instance may go on with them."""

from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Database
from services.auth.model.factors import LoginChallenge
from services.auth.model.proofs import Method

PUT: Final = """
    INSERT INTO login_challenge (
        token_hash, account_id, client_hash, proved_by, device, by_cookie, made_at, expires_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8), to_timestamp($8::float8))
"""

# A password that was changed since took what it had proved with it: `made_at` is as of when.
CONDITION: Final = """
    token_hash = $1 AND client_hash = $2 AND expires_at > to_timestamp($3::float8)
    AND NOT EXISTS (
        SELECT FROM credential
        WHERE credential.account_id = login_challenge.account_id
          AND credential.changed_at > login_challenge.made_at
    )
"""

COLUMNS: Final = """
    token_hash, account_id, client_hash, proved_by, device, by_cookie,
    extract(epoch FROM made_at)::float8 AS as_of,
    extract(epoch FROM expires_at)::float8 AS expires_at
"""

FIND: Final = f"SELECT {COLUMNS} FROM login_challenge WHERE {CONDITION}"

# Of two that come at once one takes the row, and the other finds none.
CLAIM: Final = f"DELETE FROM login_challenge WHERE {CONDITION} RETURNING true"


class LoginChallengeStore:
    """Keeps the challenges; what clients show of them is known by its hash only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, challenge: LoginChallenge) -> None:
        """Store a challenge."""
        await self._database.execute(
            PUT,
            challenge.token_hash,
            challenge.account_id,
            challenge.client_hash,
            challenge.proved_by,
            challenge.device,
            challenge.by_cookie,
            challenge.as_of,
            challenge.expires_at,
        )

    async def find(
        self, token_hash: bytes, *, client_hash: bytes, now: float
    ) -> LoginChallenge | None:
        """Return the challenge, if it is good and this client's."""
        row = await self._database.fetchrow(FIND, token_hash, client_hash, now)
        return None if row is None else _challenge(row)

    async def claim(self, challenge: LoginChallenge, *, now: float) -> bool:
        """Use a challenge up; tell whether it was still there."""
        claimed = await self._database.fetchval(
            CLAIM, challenge.token_hash, challenge.client_hash, now
        )
        return bool(claimed)


def _challenge(row: asyncpg.Record) -> LoginChallenge:
    return LoginChallenge(
        token_hash=row["token_hash"],
        account_id=PersonId(row["account_id"]),
        client_hash=row["client_hash"],
        proved_by=Method(row["proved_by"]),
        device=row["device"],
        by_cookie=row["by_cookie"],
        as_of=row["as_of"],
        expires_at=row["expires_at"],
    )
