"""Accounts and what proves them, in Postgres.

What others keep a copy of is written in one transaction with the fact that tells them. Times go in
and come out as seconds since 1970.
"""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.facts import USER_DISABLED, USER_UPDATED
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import NotFound
from libs.common.postgres import Connection, Database
from services.auth.model.accounts import Account, Candidate
from services.auth.model.sessions import Ending
from services.auth.store.bots import follow_disabled
from services.auth.store.facts import Facts
from services.auth.store.rows import ACCOUNT, account_of
from services.auth.store.sessions import end_all
from services.auth.store.tokens import hold_all

FIND: Final = f"SELECT {ACCOUNT} FROM account WHERE id = $1"

FIND_MANY: Final = f"SELECT {ACCOUNT} FROM account WHERE id = ANY($1)"

# Whoever logs in: the password's hash, and whether a session was opened from this address before.
CANDIDATE: Final = f"""
    SELECT {ACCOUNT}, credential.secret_hash,
           extract(epoch FROM credential.changed_at)::float8 AS password_set_at,
           EXISTS (
               SELECT FROM session
               WHERE session.account_id = account.id AND session.address = $2
           ) AS is_familiar
    FROM account
    JOIN credential ON credential.account_id = account.id AND credential.provider = 'password'
    WHERE account.email_key = $1
"""

RENAME: Final = f"""
    UPDATE account
    SET name = $2, name_key = $3, updated_at = to_timestamp($4::float8), version = version + 1
    WHERE id = $1
    RETURNING {ACCOUNT}
"""

# Only over the hash that was verified: a password changed meanwhile stays changed.
REPLACE_HASH: Final = """
    UPDATE credential SET secret_hash = $3
    WHERE account_id = $1 AND provider = 'password' AND secret_hash = $2
"""

DISABLE: Final = f"""
    UPDATE account
    SET disabled_at = to_timestamp($2::float8), updated_at = to_timestamp($2::float8),
        version = version + 1
    WHERE id = $1 AND disabled_at IS NULL
    RETURNING {ACCOUNT}
"""

MAKE_OWNER: Final = f"""
    UPDATE account
    SET system_role = 'owner', updated_at = to_timestamp($2::float8), version = version + 1
    WHERE email_key = $1
    RETURNING {ACCOUNT}
"""


class AccountNotFound(NotFound):
    message = "There is no such user."


class AccountStore:
    """Reads and writes accounts."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def candidate(self, email_key: str, *, address: str) -> Candidate | None:
        """Return the account of this address as a log-in from a network address meets it."""
        row = await self._database.fetchrow(CANDIDATE, email_key, address)
        if row is None:
            return None
        return Candidate(
            account_of(row), row["secret_hash"], row["password_set_at"], row["is_familiar"]
        )

    async def find(self, account_id: PersonId) -> Account:
        """Return one account, disabled or not.  Raises: AccountNotFound."""
        row = await self._database.fetchrow(FIND, account_id)
        if row is None:
            raise AccountNotFound
        return account_of(row)

    async def find_many(self, account_ids: Sequence[PersonId]) -> list[Account]:
        """Return those that exist, in no order."""
        return [account_of(row) for row in await self._database.fetch(FIND_MANY, account_ids)]

    async def rename(
        self, account_id: PersonId, *, name: str, name_key: str, now: float
    ) -> Account:
        """Change a name and tell everybody.  Raises: AccountNotFound."""
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(RENAME, account_id, name, name_key, now)
            if row is None:
                raise AccountNotFound
            account = account_of(row)
            await self._facts.user(connection, USER_UPDATED, account=account)
        return account

    async def replace_hash(self, account_id: PersonId, *, old: str, new: str) -> None:
        """Store a password's new hash over its old one, if that is still there."""
        await self._database.execute(REPLACE_HASH, account_id, old, new)

    async def disable(self, account_id: PersonId, *, ending: Ending, now: float) -> list[SessionId]:
        """Shut an account out with its bots and end its sessions; return those that were ended.

        Nobody logs in to it or refreshes from then on. Harmless when it is disabled already.
        """
        async with self._facts.telling() as connection:
            return await disable(connection, self._facts, account_id, ending=ending, now=now)

    async def make_owner(self, email_key: str, *, now: float) -> Account:
        """Make the account of this address an owner of the system.  Raises: AccountNotFound."""
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(MAKE_OWNER, email_key, now)
            if row is None:
                raise AccountNotFound
            account = account_of(row)
            await self._facts.user(connection, USER_UPDATED, account=account)
        return account


async def disable(
    connection: Connection, facts: Facts, account_id: PersonId, *, ending: Ending, now: float
) -> list[SessionId]:
    """Do what `AccountStore.disable` does, within the transaction."""
    row = await connection.fetchrow(DISABLE, account_id, now)
    if row is None:
        return []
    await hold_all(connection, account_id)
    ended = await end_all(connection, facts, account_id=account_id, ending=ending)
    ended += await follow_disabled(connection, facts, account_id, ending=ending, now=now)
    await facts.user(connection, USER_DISABLED, account=account_of(row))
    return ended
