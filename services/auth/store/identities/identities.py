"""Identities from elsewhere and the accounts that they open, in Postgres.

Whatever changes how an account is logged in to holds the account's row first; before it, whoever
lets an identity in holds what was heard of that: so they and who hears of it wait for each other in
one direction.
"""

from typing import Final
from uuid import UUID

import asyncpg

from libs.common.contracts.facts import USER_REGISTERED
from libs.common.contracts.ids import PersonId
from libs.common.errors import Conflict, Forbidden, NotFound
from libs.common.postgres import Connection, Database
from services.auth.model.accounts import Account, NewAccount
from services.auth.model.acts import Act, Kind
from services.auth.model.identities import Identity, LinkedIdentity
from services.auth.store.audit import note
from services.auth.store.facts import Facts
from services.auth.store.invites import claim
from services.auth.store.registering import EMAIL_IS_UNIQUE, EmailTaken
from services.auth.store.registering import insert as insert_account
from services.auth.store.rows import ACCOUNT, account_of
from services.auth.store.sessions import LOCK_ACCOUNT
from services.auth.store.ways_in import check_one_is_left

IDENTITY_IS_UNIQUE: Final = "identity_has_one_account"

HOLDER: Final = f"""
    SELECT {ACCOUNT}
    FROM identity JOIN account ON account.id = identity.account_id
    WHERE identity.issuer = $1 AND identity.subject = $2
"""

NAMESAKE: Final = f"SELECT {ACCOUNT} FROM account WHERE email_key = $1"

IS_GONE: Final = "SELECT is_gone FROM identity_news WHERE identity_hash = $1"

LISTED: Final = """
    SELECT id, issuer, subject, account_id, email, is_source,
           extract(epoch FROM linked_at)::float8 AS linked_at
    FROM identity WHERE account_id = $1
    ORDER BY linked_at, id
"""

INSERT: Final = """
    INSERT INTO identity (id, issuer, subject, account_id, email, is_source, linked_at)
    VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8))
"""

# News that come later know by this that there was an account; of those that came before, or come
# in this very moment, it says whether they were the last.
REMEMBER: Final = """
    INSERT INTO identity_news (identity_hash, updated_at, is_gone, was_linked)
    VALUES ($1, to_timestamp(0), false, true)
    ON CONFLICT (identity_hash) DO UPDATE SET was_linked = true
    RETURNING is_gone
"""

DELETE: Final = "DELETE FROM identity WHERE id = $1 AND account_id = $2 RETURNING true"

# Of two that bring the same answer the first inserts; the other finds it there.
USE_UP: Final = """
    INSERT INTO used_login (state_hash, expires_at) VALUES ($1, to_timestamp($2::float8))
    ON CONFLICT DO NOTHING
    RETURNING true
"""

SWEEP_LOGINS: Final = "DELETE FROM used_login WHERE expires_at < to_timestamp($1::float8)"


class IdentityTaken(Conflict):
    code = "identity_taken"
    message = "This identity is linked to another account."


class IdentityGone(Forbidden):
    """They were deleted at the provider, maybe a moment ago."""


class IdentityStore:
    """Reads and writes identities."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def holder(self, identity: Identity) -> Account | None:
        """Return the account that an identity is linked to."""
        row = await self._database.fetchrow(HOLDER, identity.issuer, identity.subject)
        return account_of(row) if row else None

    async def namesake(self, email_key: str) -> Account | None:
        """Return the account of an address."""
        row = await self._database.fetchrow(NAMESAKE, email_key)
        return account_of(row) if row else None

    async def is_gone(self, identity: Identity) -> bool:
        """Tell whether the newest that was heard of somebody is that they were deleted there."""
        return bool(await self._database.fetchval(IS_GONE, identity.hashed()))

    async def listed(self, account_id: PersonId) -> list[LinkedIdentity]:
        """Return an account's identities, the one linked first first."""
        rows = await self._database.fetch(LISTED, account_id)
        return [
            LinkedIdentity(
                id=row["id"],
                identity=Identity(row["issuer"], row["subject"]),
                account_id=PersonId(row["account_id"]),
                email=row["email"],
                is_source=row["is_source"],
                linked_at=row["linked_at"],
            )
            for row in rows
        ]

    async def link(self, linked: LinkedIdentity, act: Act) -> None:
        """Let an identity into an account.  Raises: IdentityTaken, IdentityGone."""
        try:
            async with self._database.transaction() as connection:
                await _remember(connection, linked.identity)
                await connection.execute(LOCK_ACCOUNT, linked.account_id)
                await _insert(connection, linked)
                await note(connection, act, now=linked.linked_at)
        except asyncpg.UniqueViolationError as error:
            raise _taken(error) from None

    async def join(
        self, new: NewAccount, linked: LinkedIdentity, act: Act, *, invite_hash: bytes | None
    ) -> Account:
        """Store an account and the identity it is made for, and use its invitation up once.

        Raises: EmailTaken, IdentityTaken, IdentityGone, InvalidInvite.
        """
        try:
            async with self._facts.telling() as connection:
                account = await join(connection, self._facts, new, linked=linked, act=act)
                if invite_hash is not None:
                    await claim(connection, invite_hash, account_id=new.id, now=linked.linked_at)
                return account
        except asyncpg.UniqueViolationError as error:
            raise _taken(error) from None

    async def unlink(self, identity_id: UUID, account_id: PersonId, act: Act, now: float) -> None:
        """Let an identity into its account no longer.

        Raises: NotFound when this account has no such identity; LastWayIn.
        """
        async with self._database.transaction() as connection:
            await connection.execute(LOCK_ACCOUNT, account_id)
            if not await connection.fetchval(DELETE, identity_id, account_id):
                raise NotFound
            await check_one_is_left(connection, account_id)
            await note(connection, act, now=now)

    async def use_up(self, state_hash: bytes, *, expires_at: float) -> bool:
        """Note that an answer came back; tell whether it was the first time."""
        return bool(await self._database.fetchval(USE_UP, state_hash, expires_at))

    async def sweep(self, *, before: float) -> None:
        """Forget answers that have expired before that time."""
        await self._database.execute(SWEEP_LOGINS, before)


async def _remember(connection: Connection, identity: Identity) -> None:
    """Hold what was heard of an identity that is being let in.  Raises: IdentityGone."""
    if await connection.fetchval(REMEMBER, identity.hashed()):
        raise IdentityGone


async def _insert(connection: Connection, linked: LinkedIdentity) -> None:
    await connection.execute(
        INSERT,
        linked.id,
        linked.identity.issuer,
        linked.identity.subject,
        linked.account_id,
        linked.email,
        linked.is_source,
        linked.linked_at,
    )


async def join(
    connection: Connection, facts: Facts, new: NewAccount, *, linked: LinkedIdentity, act: Act
) -> Account:
    """Store an account and its identity within the transaction, and tell of it.

    Raises: IdentityGone.
    """
    await _remember(connection, linked.identity)
    account = await insert_account(connection, new, now=linked.linked_at)
    await _insert(connection, linked)
    await note(connection, act, now=linked.linked_at)
    await facts.user(connection, USER_REGISTERED, account=account)
    return account


def registered(new: NewAccount, *, address: str | None, by: str) -> Act:
    """Return the act of somebody who got an account; `by` is how: `provider` or `webhook`."""
    return Act(
        kind=Kind.ACCOUNT_REGISTERED,
        actor_id=new.id if address else None,
        subject_id=new.id,
        outcome="done",
        address=address,
        session_id=None,
        details={"by": by},
    )


def _taken(error: asyncpg.UniqueViolationError) -> Exception:
    """Return the refusal that a constraint stands for, or the error itself."""
    refusals = {EMAIL_IS_UNIQUE: EmailTaken(), IDENTITY_IS_UNIQUE: IdentityTaken()}
    return refusals.get(error.constraint_name or "", error)
