"""The token of the link that makes the first owner, in Postgres: one, hashed, used once."""

from typing import Final

from libs.common.errors import Forbidden
from libs.common.postgres import Connection, Database

# A new one takes the place of the old one; none is made once there is an owner.
REPLACE: Final = """
    INSERT INTO owner_token (token_hash, expires_at)
    SELECT $1, to_timestamp($2::float8)
    WHERE NOT EXISTS (SELECT FROM account WHERE system_role = 'owner')
    ON CONFLICT (is_only) DO UPDATE
    SET token_hash = excluded.token_hash, expires_at = excluded.expires_at
    RETURNING true
"""

# Of many who come at once the first takes the row; the others wait for its end and find none. The
# second half is for a token that was made in the very moment in which the owner was.
CLAIM: Final = """
    DELETE FROM owner_token
    WHERE token_hash = $1
      AND expires_at > to_timestamp($2::float8)
      AND NOT EXISTS (SELECT FROM account WHERE system_role = 'owner')
    RETURNING true
"""


class InvalidOwnerToken(Forbidden):
    code = "invalid_owner_token"
    message = "This link was used or has expired. Start the server again for a new one."


class OwnerTokenStore:
    """Keeps the token's hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def replace(self, token_hash: bytes, *, expires_at: float) -> bool:
        """Make this the only token, unless there is an owner; tell whether it was made."""
        return bool(await self._database.fetchval(REPLACE, token_hash, expires_at))


async def claim(connection: Connection, token_hash: bytes, *, now: float) -> None:
    """Use the token up within the transaction.  Raises: InvalidOwnerToken."""
    if not await connection.fetchval(CLAIM, token_hash, now):
        raise InvalidOwnerToken
