"""Bots in Postgres: their accounts, and whose they are."""

from typing import Final

import asyncpg

from libs.common.contracts.facts import USER_DISABLED, USER_REGISTERED, USER_UPDATED
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import Conflict, NotFound
from libs.common.postgres import Connection, Database
from services.auth.model.acts import Act
from services.auth.model.bots import Bot
from services.auth.model.sessions import Ending
from services.auth.store.audit import note
from services.auth.store.facts import Facts
from services.auth.store.rows import ACCOUNT, account_of
from services.auth.store.tokens import refuse_all, revoke_all

# Two that are made at the same time are counted one after the other.
LOCK_OWNER: Final = "SELECT disabled_at IS NULL FROM account WHERE id = $1 FOR UPDATE"

COUNT: Final = "SELECT count(*) FROM bot WHERE owner_id = $1 AND retired_at IS NULL"

INSERT_ACCOUNT: Final = f"""
    INSERT INTO account (id, kind, name, name_key, system_role, created_at, updated_at)
    VALUES ($1, 'bot', $2, $3, 'member', to_timestamp($4::float8), to_timestamp($4::float8))
    RETURNING {ACCOUNT}
"""

INSERT: Final = "INSERT INTO bot (account_id, owner_id) VALUES ($1, $2)"

BOTS: Final = f"""
    SELECT {ACCOUNT}, bot.owner_id
    FROM bot JOIN account ON account.id = bot.account_id
    WHERE bot.owner_id = $1 AND bot.retired_at IS NULL
"""

LISTED: Final = f"{BOTS} ORDER BY account.name_key, account.id"

OWNED: Final = f"{BOTS} AND account.id = $2"

OWNER_OF: Final = "SELECT owner_id FROM bot WHERE account_id = $1"

LOCK_OWNED: Final = f"{OWNED} FOR UPDATE OF account, bot"

RENAME: Final = f"""
    UPDATE account
    SET name = $2, name_key = $3, updated_at = to_timestamp($4::float8), version = version + 1
    WHERE id = $1
    RETURNING {ACCOUNT}
"""

RETIRE: Final = "UPDATE bot SET retired_at = to_timestamp($2::float8) WHERE account_id = $1"

DISABLE: Final = f"""
    UPDATE account
    SET disabled_at = to_timestamp($2::float8), updated_at = to_timestamp($2::float8),
        version = version + 1
    WHERE id = $1 AND disabled_at IS NULL
    RETURNING {ACCOUNT}
"""

# Before their rows of `bot`, as everybody else does it. Of whoever is disabled on their own right
# now, the statements that follow know it.
HOLD_BOTS: Final = """
    SELECT FROM bot JOIN account ON account.id = bot.account_id
    WHERE bot.owner_id = $1
    ORDER BY account.id
    FOR NO KEY UPDATE OF account
"""

DISABLE_WITH_OWNER: Final = f"""
    WITH gone AS (
        UPDATE bot SET is_disabled_with_owner = true
        FROM account AS own
        WHERE bot.owner_id = $1 AND own.id = bot.account_id AND own.disabled_at IS NULL
        RETURNING bot.account_id
    )
    UPDATE account
    SET disabled_at = to_timestamp($2::float8), updated_at = to_timestamp($2::float8),
        version = version + 1
    FROM gone WHERE account.id = gone.account_id
    RETURNING {ACCOUNT}
"""

ENABLE_WITH_OWNER: Final = f"""
    WITH back AS (
        UPDATE bot SET is_disabled_with_owner = false
        WHERE owner_id = $1 AND is_disabled_with_owner AND retired_at IS NULL
        RETURNING account_id
    )
    UPDATE account
    SET disabled_at = NULL, updated_at = to_timestamp($2::float8), version = version + 1
    FROM back WHERE account.id = back.account_id
    RETURNING {ACCOUNT}
"""


class TooManyBots(Conflict):
    code = "too_many_bots"
    message = "You have as many bots as you may. Delete one first."


class BotNotFound(NotFound):
    message = "You have no such bot."


class BotStore:
    """Reads and writes bots."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def make(
        self,
        bot_id: PersonId,
        owner_id: PersonId,
        *,
        name: str,
        name_key: str,
        max_bots: int,
        act: Act,
        now: float,
    ) -> Bot:
        """Store a bot.  Raises: TooManyBots; NotFound, if its owner was disabled a moment ago."""
        async with self._facts.telling() as connection:
            if not await connection.fetchval(LOCK_OWNER, owner_id):
                raise NotFound
            if await connection.fetchval(COUNT, owner_id) >= max_bots:
                raise TooManyBots
            (row,) = await connection.fetch(INSERT_ACCOUNT, bot_id, name, name_key, now)
            await connection.execute(INSERT, bot_id, owner_id)
            await note(connection, act, now=now)
            account = account_of(row)
            await self._facts.user(connection, USER_REGISTERED, account=account)
        return Bot(account, owner_id)

    async def listed(self, owner_id: PersonId) -> list[Bot]:
        """Return somebody's bots in the order of their names."""
        return [_bot(row) for row in await self._database.fetch(LISTED, owner_id)]

    async def owned(self, bot_id: PersonId, *, owner_id: PersonId) -> Bot:
        """Return a bot of this owner.  Raises: BotNotFound."""
        row = await self._database.fetchrow(OWNED, owner_id, bot_id)
        if row is None:
            raise BotNotFound
        return _bot(row)

    async def owner_of(self, bot_id: PersonId) -> PersonId:
        """Return whose a bot is."""
        return PersonId(await self._database.fetchval(OWNER_OF, bot_id))

    async def rename(
        self,
        bot_id: PersonId,
        *,
        owner_id: PersonId,
        name: str,
        name_key: str,
        act: Act,
        now: float,
    ) -> Bot:
        """Change a bot's name and tell everybody.  Raises: BotNotFound."""
        async with self._facts.telling() as connection:
            await _lock(connection, bot_id, owner_id)
            (row,) = await connection.fetch(RENAME, bot_id, name, name_key, now)
            await note(connection, act, now=now)
            account = account_of(row)
            await self._facts.user(connection, USER_UPDATED, account=account)
        return Bot(account, owner_id)

    async def retire(
        self, bot_id: PersonId, *, owner_id: PersonId, ending: Ending, act: Act, now: float
    ) -> list[SessionId]:
        """Disable a bot for ever and void its tokens, which are returned.  Raises: BotNotFound."""
        async with self._facts.telling() as connection:
            await _lock(connection, bot_id, owner_id)
            await connection.execute(RETIRE, bot_id, now)
            row = await connection.fetchrow(DISABLE, bot_id, now)
            await note(connection, act, now=now)
            ended = await revoke_all(connection, self._facts, bot_id, ending=ending, now=now)
            if row is not None:
                await self._facts.user(connection, USER_DISABLED, account=account_of(row))
        return ended


async def follow_disabled(
    connection: Connection, facts: Facts, account_id: PersonId, *, ending: Ending, now: float
) -> list[SessionId]:
    """Have an account that was just disabled shut out with its bots; return the tokens refused."""
    await connection.execute(HOLD_BOTS, account_id)
    refused = await refuse_all(connection, facts, account_id, ending=ending, now=now)
    for row in await connection.fetch(DISABLE_WITH_OWNER, account_id, now):
        bot = account_of(row)
        refused += await refuse_all(connection, facts, bot.id, ending=ending, now=now)
        await facts.user(connection, USER_DISABLED, account=bot)
    return refused


async def follow_enabled(
    connection: Connection, facts: Facts, account_id: PersonId, *, now: float
) -> None:
    """Let the bots of an account come back that were disabled with it."""
    await connection.execute(HOLD_BOTS, account_id)
    for row in await connection.fetch(ENABLE_WITH_OWNER, account_id, now):
        await facts.user(connection, USER_UPDATED, account=account_of(row))


async def _lock(connection: Connection, bot_id: PersonId, owner_id: PersonId) -> None:
    if await connection.fetchrow(LOCK_OWNED, owner_id, bot_id) is None:
        raise BotNotFound


def _bot(row: asyncpg.Record) -> Bot:
    return Bot(account_of(row), PersonId(row["owner_id"]))
