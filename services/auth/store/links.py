"""Links in letters, in Postgres: hashed, each good once, for one purpose and one account.

Whoever uses or voids links holds the account's row first, so that no two of them wait for each
other.
"""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.errors import Forbidden
from libs.common.postgres import Connection, Database
from services.auth.model.links import EmailLink, LinkLetter, Purpose
from services.auth.store.mail import post

PUT: Final = """
    INSERT INTO email_link (token_hash, account_id, purpose, email, expires_at)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8))
"""

FIND: Final = """
    SELECT account_id, email, extract(epoch FROM expires_at)::float8 AS expires_at
    FROM email_link
    WHERE token_hash = $1 AND purpose = $2 AND expires_at > to_timestamp($3::float8)
"""

LOCK_ACCOUNT: Final = """
    SELECT FROM account
    WHERE id = (SELECT account_id FROM email_link WHERE token_hash = $1)
    FOR NO KEY UPDATE
"""

# Nobody gets back into a disabled account. A link to an address that is no longer the account's
# does nothing; the one that brings a new address is meant to differ.
USE: Final = """
    DELETE FROM email_link USING account
    WHERE token_hash = $1 AND purpose = $2 AND expires_at > to_timestamp($3::float8)
      AND account.id = account_id AND disabled_at IS NULL
      AND (purpose = 'confirm' OR account.email = email_link.email)
    RETURNING account_id, email_link.email,
              extract(epoch FROM expires_at)::float8 AS expires_at
"""

VOID: Final = "DELETE FROM email_link WHERE account_id = $1 AND purpose = ANY($2)"

SWEEP: Final = "DELETE FROM email_link WHERE expires_at < to_timestamp($1::float8)"


class InvalidLink(Forbidden):
    code = "invalid_link"
    message = "This link was used or has expired. Ask for a new one."


class LinkStore:
    """Looks at links."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, token_hash: bytes, purpose: Purpose, *, now: float) -> EmailLink:
        """Return a link without using it.  Raises: InvalidLink."""
        row = await self._database.fetchrow(FIND, token_hash, purpose, now)
        if row is None:
            raise InvalidLink
        return EmailLink(token_hash, purpose=purpose, **row)

    async def sweep(self, *, before: float) -> None:
        """Forget the links that expired before that time."""
        await self._database.execute(SWEEP, before)


async def send(connection: Connection, link_letter: LinkLetter, *, now: float) -> None:
    """Let a link be good, and its letter be sent, once the transaction has committed."""
    link = link_letter.link
    await connection.execute(
        PUT, link.token_hash, link.account_id, link.purpose, link.email, link.expires_at
    )
    await post(connection, link_letter.letter, account_id=link.account_id, now=now)


async def use(
    connection: Connection, token_hash: bytes, *, purpose: Purpose, now: float
) -> EmailLink:
    """Use a link up within the transaction, which holds the row of its account from then on.

    Raises: InvalidLink.
    """
    await connection.execute(LOCK_ACCOUNT, token_hash)
    row = await connection.fetchrow(USE, token_hash, purpose, now)
    if row is None:
        raise InvalidLink
    return EmailLink(token_hash, purpose=purpose, **row)


async def void(connection: Connection, account_id: PersonId, *purposes: Purpose) -> None:
    """Void the links of an account, whose row the transaction holds."""
    await connection.execute(VOID, account_id, purposes)
