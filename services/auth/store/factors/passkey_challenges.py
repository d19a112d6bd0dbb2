"""What passkeys are asked to sign, in Postgres: any instance may look at the answer."""

from typing import Final
from uuid import UUID

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Database
from services.auth.model.passkeys import PasskeyChallenge, Purpose

PUT: Final = """
    INSERT INTO passkey_challenge (id, purpose, account_id, challenge, expires_at)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8))
"""

# Gone with the first answer, right or wrong.
CLAIM: Final = """
    DELETE FROM passkey_challenge
    WHERE id = $1 AND purpose = $2 AND account_id IS NOT DISTINCT FROM $3
      AND expires_at > to_timestamp($4::float8)
    RETURNING challenge
"""


class PasskeyChallengeStore:
    """Keeps the challenges."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, challenge: PasskeyChallenge) -> None:
        """Store a challenge."""
        await self._database.execute(
            PUT,
            challenge.id,
            challenge.purpose,
            challenge.account_id,
            challenge.challenge,
            challenge.expires_at,
        )

    async def claim(
        self, challenge_id: UUID, purpose: Purpose, *, account_id: PersonId | None, now: float
    ) -> bytes | None:
        """Use a challenge up and return what was to be signed, if it is good for this."""
        claimed = await self._database.fetchval(CLAIM, challenge_id, purpose, account_id, now)
        return None if claimed is None else bytes(claimed)
