"""API tokens in Postgres; of the tokens themselves only their hashes.

Times go in and come out as seconds since 1970.
"""

from collections.abc import Sequence
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.scopes import Scope
from libs.common.errors import Conflict
from libs.common.postgres import Connection, Database
from services.auth.model.acts import Act
from services.auth.model.letters import Letter
from services.auth.model.sessions import Ending
from services.auth.model.tokens import ApiToken, ShownToken
from services.auth.store.audit import note
from services.auth.store.facts import Facts
from services.auth.store.mail import post
from services.auth.store.rows import ACCOUNT, account_of

COLUMNS: Final = """
    api_token.id AS token_id, api_token.account_id, api_token.name AS token_name, api_token.prefix,
    api_token.scopes,
    extract(epoch FROM api_token.created_at)::float8 AS made_at,
    extract(epoch FROM api_token.expires_at)::float8 AS expires_at,
    extract(epoch FROM api_token.used_at)::float8 AS used_at
"""

# Two that are made at the same time are counted one after the other.
LOCK_ACCOUNT: Final = "SELECT FROM account WHERE id = $1 FOR UPDATE"

COUNT: Final = """
    SELECT count(*) FROM api_token
    WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > to_timestamp($2::float8)
"""

INSERT: Final = """
    INSERT INTO api_token
        (id, account_id, name, prefix, token_hash, scopes, created_at, expires_at)
    VALUES
        ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8), to_timestamp($8::float8))
"""

# Those of somebody's bots are theirs.
LISTED: Final = f"""
    SELECT {COLUMNS} FROM api_token
    WHERE revoked_at IS NULL
      AND (account_id = $1 OR account_id IN (SELECT account_id FROM bot WHERE owner_id = $1))
    ORDER BY created_at DESC, id DESC
"""

REVOKE: Final = """
    UPDATE api_token
    SET revoked_at = to_timestamp($3::float8), refused_until = to_timestamp($4::float8)
    WHERE id = $1 AND revoked_at IS NULL
      AND (account_id = $2 OR account_id IN (SELECT account_id FROM bot WHERE owner_id = $2))
    RETURNING id, account_id
"""

REVOKE_ALL: Final = """
    UPDATE api_token
    SET revoked_at = to_timestamp($2::float8), refused_until = to_timestamp($3::float8)
    WHERE account_id = $1 AND revoked_at IS NULL
    RETURNING id
"""

HOLD_ALL: Final = """
    SELECT FROM api_token WHERE account_id = $1 AND revoked_at IS NULL
    ORDER BY id FOR NO KEY UPDATE
"""

# Those of a disabled account: they are good again when the account is.
REFUSE_ALL: Final = """
    UPDATE api_token SET refused_until = to_timestamp($3::float8)
    WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > to_timestamp($2::float8)
    RETURNING id
"""

# Whose these are. A bot is good for nothing without its owner, whatever its own row says.
FIND: Final = f"""
    SELECT api_token.token_hash, {COLUMNS}, {ACCOUNT}
    FROM api_token
    JOIN account ON account.id = api_token.account_id
    WHERE api_token.token_hash = ANY($1)
      AND api_token.revoked_at IS NULL
      AND api_token.expires_at > to_timestamp($2::float8)
      AND account.disabled_at IS NULL
      AND NOT EXISTS (
          SELECT FROM bot JOIN account AS owner ON owner.id = bot.owner_id
          WHERE bot.account_id = account.id
            AND (bot.retired_at IS NOT NULL OR owner.disabled_at IS NOT NULL)
      )
"""

# Nobody waits for that: whoever else holds one notes the same, or voids it.
USED: Final = """
    UPDATE api_token SET used_at = to_timestamp($2::float8)
    WHERE id IN (
        SELECT id FROM api_token WHERE id = ANY($1) FOR NO KEY UPDATE SKIP LOCKED
    )
"""

SWEEP: Final = """
    DELETE FROM api_token
    WHERE expires_at < to_timestamp($1::float8)
       OR revoked_at IS NOT NULL AND refused_until < to_timestamp($2::float8)
"""


class TooManyTokens(Conflict):
    code = "too_many_tokens"
    message = "This account has as many tokens as it may. Revoke one first."


class TokenStore:
    """Reads and writes API tokens."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def make(
        self,
        token: ApiToken,
        token_hash: bytes,
        *,
        max_tokens: int,
        act: Act,
        letter: Letter | None,
        owner_id: PersonId,
    ) -> None:
        """Store a token, note it, and write to its owner; all of them or nothing.

        Raises: TooManyTokens.
        """
        now = token.created_at
        async with self._database.transaction() as connection:
            await connection.execute(LOCK_ACCOUNT, token.account_id)
            if await connection.fetchval(COUNT, token.account_id, now) >= max_tokens:
                raise TooManyTokens
            await connection.execute(
                INSERT,
                token.id,
                token.account_id,
                token.name,
                token.prefix,
                token_hash,
                sorted(token.scopes),
                token.created_at,
                token.expires_at,
            )
            await note(connection, act, now=now)
            if letter is not None:
                await post(connection, letter, account_id=owner_id, now=now)

    async def listed(self, owner_id: PersonId) -> list[ApiToken]:
        """Return the tokens of somebody and of their bots, the newest first; also those that have
        expired, for a while.
        """
        return [_token(row) for row in await self._database.fetch(LISTED, owner_id)]

    async def revoke(
        self,
        token_id: SessionId,
        owner_id: PersonId,
        *,
        ending: Ending,
        act: Act,
        now: float,
        letter: Letter | None = None,
    ) -> bool:
        """Void a token of somebody, or of a bot of theirs, and write to them if there is a letter;
        tell whether there was one.
        """
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(REVOKE, token_id, owner_id, now, ending.until)
            if row is None:
                return False
            await note(connection, act, now=now)
            if letter is not None:
                await post(connection, letter, account_id=owner_id, now=now)
            holder = PersonId(row["account_id"])
            await _tell(connection, self._facts, [row], account_id=holder, ending=ending)
            return True

    async def find(self, hashes: Sequence[bytes], *, now: float) -> dict[bytes, ShownToken]:
        """Return what is good of the tokens with these hashes, by hash."""
        rows = await self._database.fetch(FIND, hashes, now)
        return {row["token_hash"]: ShownToken(_token(row), account_of(row)) for row in rows}

    async def note_used(self, token_ids: Sequence[SessionId], *, now: float) -> None:
        """Write down that these were used."""
        await self._database.execute(USED, token_ids, now)

    async def sweep(self, *, expired_before: float, refused_before: float) -> None:
        """Delete what expired, or was revoked and is asked about by nobody, before those times."""
        await self._database.execute(SWEEP, expired_before, refused_before)


async def hold_all(connection: Connection, account_id: PersonId) -> None:
    """Keep the tokens of an account as they are before the transaction tells of it."""
    await connection.execute(HOLD_ALL, account_id)


async def revoke_all(
    connection: Connection, facts: Facts, account_id: PersonId, *, ending: Ending, now: float
) -> list[SessionId]:
    """Void all tokens of an account within the transaction; return them."""
    rows = await connection.fetch(REVOKE_ALL, account_id, now, ending.until)
    return await _tell(connection, facts, rows, account_id=account_id, ending=ending)


async def refuse_all(
    connection: Connection, facts: Facts, account_id: PersonId, *, ending: Ending, now: float
) -> list[SessionId]:
    """Have the tokens of an account that was just disabled refused everywhere; return them."""
    rows = await connection.fetch(REFUSE_ALL, account_id, now, ending.until)
    return await _tell(connection, facts, rows, account_id=account_id, ending=ending)


async def _tell(
    connection: Connection,
    facts: Facts,
    rows: list[asyncpg.Record],
    *,
    account_id: PersonId,
    ending: Ending,
) -> list[SessionId]:
    ended = [SessionId(row["id"]) for row in rows]
    await facts.ended(connection, ended, account_id=account_id, ending=ending)
    return ended


def _token(row: asyncpg.Record) -> ApiToken:
    return ApiToken(
        id=SessionId(row["token_id"]),
        account_id=PersonId(row["account_id"]),
        name=row["token_name"],
        prefix=row["prefix"],
        # What a later release has given is no scope of ours.
        scopes={scope for scope in Scope if scope in row["scopes"]},
        created_at=row["made_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
    )
