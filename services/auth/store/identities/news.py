"""What sources tell of their people, obeyed once and in the order of the sources' own times.

One piece of news is one transaction: that it was obeyed, what was heard, and what it changed here
are true together or not at all. So it may come as often as its sender likes.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import asyncpg

from libs.common.contracts.facts import USER_UPDATED
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import Conflict
from libs.common.postgres import Connection, Database
from services.auth.model.accounts import Account, NewAccount
from services.auth.model.acts import Act
from services.auth.model.identities import Heard, LinkedIdentity, News
from services.auth.model.letters import Letter
from services.auth.model.sessions import Ending
from services.auth.store.accounts import RENAME, disable
from services.auth.store.audit import note
from services.auth.store.facts import Facts
from services.auth.store.identities.identities import join
from services.auth.store.mail import post
from services.auth.store.rows import ACCOUNT, account_of

OBEY: Final = """
    INSERT INTO webhook (id_hash, obeyed_at) VALUES ($1, to_timestamp($2::float8))
    ON CONFLICT DO NOTHING
    RETURNING true
"""

# Who tells of the same person at the same time waits here for the one who came first.
HOLD: Final = """
    INSERT INTO identity_news (identity_hash, updated_at, is_gone, was_linked)
    VALUES ($1, to_timestamp(0), false, false)
    ON CONFLICT (identity_hash) DO UPDATE SET was_linked = identity_news.was_linked
    RETURNING extract(epoch FROM updated_at)::float8 AS updated_at, is_gone, was_linked
"""

# Who leaves may be the last owner: all of them are held then ($3), in the order of their ids.
HOLD_ACCOUNTS: Final = """
    SELECT FROM account
    WHERE id = (SELECT account_id FROM identity WHERE issuer = $1 AND subject = $2)
       OR $3 AND system_role = 'owner'
    ORDER BY id
    FOR NO KEY UPDATE
"""

# Read after the lock was taken: what others changed before it is seen.
HOLDER: Final = f"""
    SELECT {ACCOUNT}, identity.is_source
    FROM identity JOIN account ON account.id = identity.account_id
    WHERE identity.issuer = $1 AND identity.subject = $2
"""

HEAR: Final = """
    UPDATE identity_news SET updated_at = to_timestamp($2::float8), is_gone = $3
    WHERE identity_hash = $1
"""

IS_TAKEN: Final = "SELECT EXISTS (SELECT FROM account WHERE email_key = $1)"

MOVE: Final = f"""
    UPDATE account
    SET email = $2, email_key = $3, email_state = 'proved',
        updated_at = to_timestamp($4::float8), version = version + 1
    WHERE id = $1 AND NOT EXISTS (SELECT FROM account WHERE email_key = $3)
    RETURNING {ACCOUNT}
"""

UNLINK: Final = "DELETE FROM identity WHERE issuer = $1 AND subject = $2"

IS_LAST_OWNER: Final = """
    SELECT system_role = 'owner' AND NOT EXISTS (
        SELECT FROM account AS other
        WHERE other.system_role = 'owner' AND other.disabled_at IS NULL AND other.id <> $1
    )
    FROM account WHERE id = $1
"""

SWEEP: Final = "DELETE FROM webhook WHERE obeyed_at < to_timestamp($1::float8)"


class HeldNews:
    """News of one identity, which nobody else obeys before the transaction ends."""

    def __init__(
        self, connection: Connection, facts: Facts, *, news: News, heard: Heard, now: float
    ) -> None:
        self._connection = connection
        self._facts = facts
        self._news = news
        self._now = now
        self.heard = heard
        self.account: Account | None = None
        self.is_source = False

    async def find(self) -> None:
        """Hold the account, if there is one."""
        news = self._news
        key = news.shown.identity.issuer, news.shown.identity.subject
        await self._connection.execute(HOLD_ACCOUNTS, *key, news.is_gone)
        row = await self._connection.fetchrow(HOLDER, *key)
        if row is not None:
            self.account, self.is_source = account_of(row), row["is_source"]

    async def keep(self) -> None:
        """Remember that this was heard."""
        identity_hash = self._news.shown.identity.hashed()
        await self._connection.execute(
            HEAR, identity_hash, self._news.updated_at, self._news.is_gone
        )

    async def is_taken(self, email_key: str) -> bool:
        """Tell whether somebody has this address."""
        return bool(await self._connection.fetchval(IS_TAKEN, email_key))

    async def make(self, new: NewAccount, linked: LinkedIdentity, act: Act) -> None:
        """Store an account for the identity, of an address that nobody has."""
        await join(self._connection, self._facts, new, linked=linked, act=act)

    async def rename(self, account: Account, name: str, *, name_key: str, act: Act) -> None:
        """Give the account another name, and tell everybody."""
        (row,) = await self._connection.fetch(RENAME, account.id, name, name_key, self._now)
        await note(self._connection, act, now=self._now)
        await self._facts.user(self._connection, USER_UPDATED, account=account_of(row))

    async def move(
        self, account: Account, email: str, *, email_key: str, act: Act, letter: Letter
    ) -> bool:
        """Give the account another address, and write to the old one; tell whether it was free."""
        row = await self._connection.fetchrow(MOVE, account.id, email, email_key, self._now)
        if row is None:
            return False
        await post(self._connection, letter, account_id=account.id, now=self._now)
        await note(self._connection, act, now=self._now)
        await self._facts.user(self._connection, USER_UPDATED, account=account_of(row))
        return True

    async def leave(
        self, account_id: PersonId, acts: tuple[Act, ...], *, ending: Ending
    ) -> list[SessionId]:
        """Unlink the identity and disable its account; return the sessions that this ended.

        The last owner stays: nobody could let them in again.
        """
        identity = self._news.shown.identity
        await self._connection.execute(UNLINK, identity.issuer, identity.subject)
        is_kept = await self._connection.fetchval(IS_LAST_OWNER, account_id)
        for act in acts[:1] if is_kept else acts:
            await note(self._connection, act, now=self._now)
        if is_kept:
            return []
        return await disable(
            self._connection, self._facts, account_id, ending=ending, now=self._now
        )


class NewsStore:
    """Obeys news."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    @asynccontextmanager
    async def obeying(
        self, id_hash: bytes, news: News, *, now: float
    ) -> AsyncIterator[HeldNews | None]:
        """Hold what is known of an identity in a transaction that ends with the block; None if this
        webhook was obeyed before.

        Raises: Conflict, when another transaction took what this one wanted.
        """
        with _free():
            async with self._facts.telling() as connection:
                if not await connection.fetchval(OBEY, id_hash, now):
                    yield None
                    return
                (row,) = await connection.fetch(HOLD, news.shown.identity.hashed())
                held = HeldNews(connection, self._facts, news=news, heard=_heard(row), now=now)
                await held.find()
                yield held

    async def sweep(self, *, before: float) -> None:
        """Forget webhooks that were obeyed before that time."""
        await self._database.execute(SWEEP, before)


@contextmanager
def _free() -> Iterator[None]:
    """Turn what was taken between a look and an insert into a refusal; the sender comes again."""
    try:
        yield
    except asyncpg.UniqueViolationError:
        raise Conflict from None


def _heard(row: asyncpg.Record) -> Heard:
    return Heard(row["updated_at"], row["is_gone"], row["was_linked"])
