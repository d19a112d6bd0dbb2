"""Pictures of people, in Postgres: a few kilobytes each, so that a backup has them and nothing else
has to be run. The version of a picture is that of its account when it came.
"""

from typing import Final

from libs.common.contracts.facts import USER_UPDATED
from libs.common.contracts.ids import PersonId
from libs.common.postgres import Database
from services.auth.model.accounts import Account
from services.auth.model.pictures import Drawn
from services.auth.store.accounts import AccountNotFound
from services.auth.store.facts import Facts
from services.auth.store.rows import ACCOUNT, account_of

WEAR: Final = f"""
    UPDATE account
    SET version = version + 1, avatar_version = version + 1,
        updated_at = to_timestamp($2::float8)
    WHERE id = $1
    RETURNING {ACCOUNT}
"""

PUT: Final = """
    INSERT INTO avatar (account_id, version, small, large) VALUES ($1, $2, $3, $4)
    ON CONFLICT (account_id) DO UPDATE
    SET version = excluded.version, small = excluded.small, large = excluded.large
"""

TAKE_OFF: Final = f"""
    UPDATE account
    SET version = version + 1, avatar_version = NULL, updated_at = to_timestamp($2::float8)
    WHERE id = $1 AND avatar_version IS NOT NULL
    RETURNING {ACCOUNT}
"""

REMOVE: Final = "DELETE FROM avatar WHERE account_id = $1"

SMALL: Final = "SELECT version, small AS picture FROM avatar WHERE account_id = $1"

LARGE: Final = "SELECT version, large AS picture FROM avatar WHERE account_id = $1"

VERSION: Final = "SELECT version FROM avatar WHERE account_id = $1"


class AvatarStore:
    """Reads and writes pictures."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def put(self, account_id: PersonId, drawn: Drawn, *, now: float) -> Account:
        """Replace somebody's picture and tell everybody.  Raises: AccountNotFound."""
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(WEAR, account_id, now)
            if row is None:
                raise AccountNotFound
            account = account_of(row)
            await connection.execute(
                PUT, account_id, account.avatar_version, drawn.small, drawn.large
            )
            await self._facts.user(connection, USER_UPDATED, account=account)
        return account

    async def remove(self, account_id: PersonId, *, now: float) -> None:
        """Delete somebody's picture and tell everybody, if there is one."""
        async with self._facts.telling() as connection:
            row = await connection.fetchrow(TAKE_OFF, account_id, now)
            if row is None:
                return
            await connection.execute(REMOVE, account_id)
            await self._facts.user(connection, USER_UPDATED, account=account_of(row))

    async def version(self, account_id: PersonId) -> int | None:
        """Return which picture somebody has."""
        version: int | None = await self._database.fetchval(VERSION, account_id)
        return version

    async def find(self, account_id: PersonId, *, is_small: bool) -> tuple[int, bytes] | None:
        """Return somebody's picture and its version."""
        row = await self._database.fetchrow(SMALL if is_small else LARGE, account_id)
        return None if row is None else (row["version"], row["picture"])
