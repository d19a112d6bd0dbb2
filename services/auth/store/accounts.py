"""Accounts and what proves them, in Postgres.

What others keep a copy of is written in one transaction with the fact that tells them. Times go in
and come out as seconds since 1970.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

from libs.common.contracts.facts import USER_DISABLED, USER_REGISTERED, USER_UPDATED
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import SystemRole
from libs.common.errors import Conflict, NotFound
from libs.common.postgres import Connection, Database
from services.auth.model.accounts import Account, Candidate, NewAccount
from services.auth.model.sessions import Ending, Session
from services.auth.store.facts import Facts
from services.auth.store.owner_token import claim
from services.auth.store.sessions import end_all, insert

EMAIL_IS_UNIQUE: Final = "account_email_is_unique"

COLUMNS: Final = """
    account.id, account.email, account.name, account.system_role,
    account.disabled_at IS NOT NULL AS is_disabled, account.version,
    extract(epoch FROM account.created_at)::float8 AS created_at,
    extract(epoch FROM account.updated_at)::float8 AS updated_at
"""

INSERT: Final = f"""
    INSERT INTO account (id, email, email_key, name, name_key, system_role, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8), to_timestamp($7::float8))
    RETURNING {COLUMNS}
"""

INSERT_CREDENTIAL: Final = """
    INSERT INTO credential (account_id, provider, secret_hash, changed_at)
    VALUES ($1, 'password', $2, to_timestamp($3::float8))
"""

IS_TAKEN: Final = "SELECT EXISTS (SELECT FROM account WHERE email_key = $1)"

FIND: Final = f"SELECT {COLUMNS} FROM account WHERE id = $1"

FIND_MANY: Final = f"SELECT {COLUMNS} FROM account WHERE id = ANY($1)"

# Whoever logs in: the password's hash, and whether a session was opened from this address before.
CANDIDATE: Final = f"""
    SELECT {COLUMNS}, credential.secret_hash,
           EXISTS (
               SELECT FROM session
               WHERE session.account_id = account.id AND session.address = $2
           ) AS is_familiar
    FROM account
    JOIN credential ON credential.account_id = account.id AND credential.provider = 'password'
    WHERE account.email_key = $1
"""

# strpos and not LIKE: what people search for has no wildcards.
SEARCH: Final = f"""
    SELECT {COLUMNS} FROM account
    WHERE disabled_at IS NULL
      AND strpos(name_key, $1) > 0
      AND (name_key, id) > ($2, $3)
    ORDER BY name_key, id
    LIMIT $4
"""

RENAME: Final = f"""
    UPDATE account
    SET name = $2, name_key = $3, updated_at = to_timestamp($4::float8), version = version + 1
    WHERE id = $1
    RETURNING {COLUMNS}
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
    RETURNING {COLUMNS}
"""

MAKE_OWNER: Final = f"""
    UPDATE account
    SET system_role = 'owner', updated_at = to_timestamp($2::float8), version = version + 1
    WHERE email_key = $1
    RETURNING {COLUMNS}
"""

FIRST: Final = ("", PersonId(UUID(int=0)))
"""Before every name and id."""


class EmailTaken(Conflict):
    code = "email_taken"
    message = "There is an account with this e-mail address."


class AccountNotFound(NotFound):
    message = "There is no such user."


class AccountStore:
    """Reads and writes accounts."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def register(
        self, new: NewAccount, session: Session, *, owner_token_hash: bytes | None
    ) -> Account:
        """Store an account, its password and its first session; all of them or nothing.

        Raises: EmailTaken; InvalidOwnerToken, unless the token is good and nobody was faster.
        """
        now = session.created_at
        try:
            async with self._facts.telling() as connection:
                if owner_token_hash is not None:
                    await claim(connection, owner_token_hash, now=now)
                account = await self._insert(connection, new, now=now)
                await insert(connection, session)
                await self._facts.user(connection, USER_REGISTERED, account=account)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == EMAIL_IS_UNIQUE:
                raise EmailTaken from None
            raise
        return account

    async def is_taken(self, email_key: str) -> bool:
        """Tell whether somebody has this address."""
        return bool(await self._database.fetchval(IS_TAKEN, email_key))

    async def candidate(self, email_key: str, *, address: str) -> Candidate | None:
        """Return the account of this address as a log-in from a network address meets it."""
        row = await self._database.fetchrow(CANDIDATE, email_key, address)
        if row is None:
            return None
        return Candidate(_account(row), row["secret_hash"], row["is_familiar"])

    async def find(self, account_id: PersonId) -> Account:
        """Return one account, disabled or not.  Raises: AccountNotFound."""
        row = await self._database.fetchrow(FIND, account_id)
        if row is None:
            raise AccountNotFound
        return _account(row)

    async def find_many(self, account_ids: Sequence[PersonId]) -> list[Account]:
        """Return those that exist, in no order."""
        return [_account(row) for row in await self._database.fetch(FIND_MANY, account_ids)]

    async def search(
        self, piece: str, *, after: tuple[str, PersonId] | None, limit: int
    ) -> list[Account]:
        """Return at most `limit` accounts with `piece` in their name's key, in the order of keys.

        Goes on behind the key and id of `after`. Disabled accounts are left out.
        """
        name_key, account_id = after or FIRST
        rows = await self._database.fetch(SEARCH, piece, name_key, account_id, limit)
        return [_account(row) for row in rows]

    async def rename(
        self, account_id: PersonId, *, name: str, name_key: str, now: float
    ) -> Account:
        """Change a name and tell everybody.  Raises: AccountNotFound."""
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(RENAME, account_id, name, name_key, now)
            if row is None:
                raise AccountNotFound
            account = _account(row)
            await self._facts.user(connection, USER_UPDATED, account=account)
        return account

    async def replace_hash(self, account_id: PersonId, *, old: str, new: str) -> None:
        """Store a password's new hash over its old one, if that is still there."""
        await self._database.execute(REPLACE_HASH, account_id, old, new)

    async def disable(self, account_id: PersonId, *, ending: Ending, now: float) -> list[SessionId]:
        """Shut an account out and end its sessions; return those that were ended.

        Nobody logs in to it or refreshes from then on. Harmless when it is disabled already.
        """
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(DISABLE, account_id, now)
            if row is None:
                return []
            ended = await end_all(connection, self._facts, account_id=account_id, ending=ending)
            await self._facts.user(connection, USER_DISABLED, account=_account(row))
            return ended

    async def make_owner(self, email_key: str, *, now: float) -> Account:
        """Make the account of this address an owner of the system.  Raises: AccountNotFound."""
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(MAKE_OWNER, email_key, now)
            if row is None:
                raise AccountNotFound
            account = _account(row)
            await self._facts.user(connection, USER_UPDATED, account=account)
        return account

    async def _insert(self, connection: Connection, new: NewAccount, *, now: float) -> Account:
        (row,) = await connection.fetch(
            INSERT,
            new.id,
            new.email,
            new.email_key,
            new.name,
            new.name_key,
            new.system_role,
            now,
        )
        await connection.execute(INSERT_CREDENTIAL, new.id, new.password_hash, now)
        return _account(row)


def _account(row: asyncpg.Record) -> Account:
    return Account(
        id=PersonId(row["id"]),
        email=row["email"],
        name=row["name"],
        system_role=SystemRole(row["system_role"]),
        is_disabled=row["is_disabled"],
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
