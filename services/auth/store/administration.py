"""Accounts as those who run the server see and change them, in Postgres.

Whoever changes a role or disables an account holds the rows of all owners, always in the order of
their ids: so the last one is known to be the last. Bots are held with those whose they are.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

import asyncpg

from libs.common.contracts.facts import USER_UPDATED
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import SystemRole
from libs.common.postgres import Connection, Database
from services.auth.model.accounts import Account
from services.auth.model.acts import Act
from services.auth.model.administration import Administered, Sought
from services.auth.model.letters import Letter
from services.auth.model.sessions import Ending
from services.auth.store.accounts import AccountNotFound, disable
from services.auth.store.audit import note
from services.auth.store.bots import follow_enabled
from services.auth.store.facts import Facts
from services.auth.store.mail import post
from services.auth.store.rows import ACCOUNT, account_of
from services.auth.store.sessions import end_all

# With $1, the time, all queries of this form begin.
ADMINISTERED: Final = f"""
    SELECT {ACCOUNT}, living.sessions, living.last_used_at
    FROM account
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (
                WHERE end_reason IS NULL AND expires_at > to_timestamp($1::float8)
            ) AS sessions,
            extract(epoch FROM max(used_at))::float8 AS last_used_at
        FROM session WHERE session.account_id = account.id
    ) AS living
"""

# strpos and not LIKE: what people search for has no wildcards.
LIST: Final = f"""
    {ADMINISTERED}
    WHERE (strpos(name_key, $2) > 0 OR strpos(email_key, $2) > 0)
      AND ($3::text IS NULL OR system_role = $3)
      AND ($4::boolean IS NULL OR (disabled_at IS NOT NULL) = $4)
      AND (name_key, id) > ($5, $6)
    ORDER BY name_key, id
    LIMIT $7
"""

FIND: Final = f"{ADMINISTERED} WHERE account.id = $2"

LOCK: Final = """
    SELECT id FROM account
    WHERE id = ANY($1) OR system_role = 'owner'
       OR id = ANY(ARRAY(SELECT account_id FROM bot WHERE owner_id = ANY($1)))
    ORDER BY id
    FOR NO KEY UPDATE
"""

# Read after the lock was taken: what others changed before it is seen.
HELD: Final = f"""
    SELECT {ACCOUNT} FROM account
    WHERE id = ANY($1) OR system_role = 'owner' AND disabled_at IS NULL
"""

SET_ROLE: Final = f"""
    UPDATE account
    SET system_role = $2, updated_at = to_timestamp($3::float8), version = version + 1
    WHERE id = $1
    RETURNING {ACCOUNT}
"""

ENABLE: Final = f"""
    UPDATE account
    SET disabled_at = NULL, updated_at = to_timestamp($2::float8), version = version + 1
    WHERE id = $1 AND disabled_at IS NOT NULL
    RETURNING {ACCOUNT}
"""


class Held:
    """Two accounts that nobody else changes before the transaction ends.

    `owners` are all owners who are not disabled.
    """

    def __init__(
        self,
        connection: Connection,
        facts: Facts,
        *,
        actor: Account,
        target: Account,
        owners: frozenset[PersonId],
    ) -> None:
        self._connection = connection
        self._facts = facts
        self.actor = actor
        self.target = target
        self.owners = owners

    async def set_role(self, role: SystemRole, *, now: float) -> None:
        """Give the target a role, and tell everybody."""
        (row,) = await self._connection.fetch(SET_ROLE, self.target.id, role, now)
        self.target = account_of(row)
        await self._facts.user(self._connection, USER_UPDATED, account=self.target)

    async def disable(self, *, ending: Ending, now: float) -> list[SessionId]:
        """Shut the target out; return the sessions that were ended."""
        self.target = replace(self.target, is_disabled=True)
        return await disable(self._connection, self._facts, self.target.id, ending=ending, now=now)

    async def enable(self, *, now: float) -> None:
        """Let the target come back, with the bots that went with it."""
        row = await self._connection.fetchrow(ENABLE, self.target.id, now)
        if row is None:
            return
        self.target = account_of(row)
        await self._facts.user(self._connection, USER_UPDATED, account=self.target)
        await follow_enabled(self._connection, self._facts, self.target.id, now=now)

    async def log_out(self, *, ending: Ending) -> list[SessionId]:
        """End all sessions of the target; return those that were ended."""
        return await end_all(
            self._connection, self._facts, account_id=self.target.id, ending=ending
        )

    async def note(self, act: Act, *, now: float) -> None:
        """Add to the audit log."""
        await note(self._connection, act, now=now)

    async def write(self, letter: Letter, *, now: float) -> None:
        """Leave a letter to the target."""
        await post(self._connection, letter, account_id=self.target.id, now=now)


class AdministrationStore:
    """Reads and changes the accounts of others."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def listed(
        self, sought: Sought, *, after: tuple[str, PersonId], limit: int, now: float
    ) -> list[Administered]:
        """Return at most `limit` accounts in the order of names, from behind a key and id."""
        rows = await self._database.fetch(
            LIST, now, sought.piece, sought.role, sought.is_disabled, *after, limit
        )
        return [_administered(row) for row in rows]

    async def find(self, account_id: PersonId, *, now: float) -> Administered:
        """Return one account.  Raises: AccountNotFound."""
        row = await self._database.fetchrow(FIND, now, account_id)
        if row is None:
            raise AccountNotFound
        return _administered(row)

    @asynccontextmanager
    async def lock(self, actor_id: PersonId, target_id: PersonId) -> AsyncIterator[Held]:
        """Hold two accounts and all owners in a transaction that ends with the block.

        Raises: AccountNotFound.
        """
        async with self._facts.telling() as connection:
            both = [actor_id, target_id]
            await connection.fetch(LOCK, both)
            found = {row["id"]: account_of(row) for row in await connection.fetch(HELD, both)}
            if not found.keys() >= set(both):
                raise AccountNotFound
            yield Held(
                connection,
                self._facts,
                actor=found[actor_id],
                target=found[target_id],
                owners=owners_among(found.values()),
            )


def owners_among(accounts: Iterable[Account]) -> frozenset[PersonId]:
    """Return the ids of those who are owners and not disabled."""
    return frozenset(
        account.id
        for account in accounts
        if account.system_role is SystemRole.OWNER and not account.is_disabled
    )


def _administered(row: asyncpg.Record) -> Administered:
    return Administered(account_of(row), row["sessions"], row["last_used_at"])
