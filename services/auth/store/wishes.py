"""Letters that somebody asked for by an address alone, in Postgres.

Whether anybody has that address is looked up when the wish is granted, so that asking is the same
work for every address.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from libs.common.postgres import Connection, Database
from services.auth.model.accounts import Account
from services.auth.model.letters import LetterKind
from services.auth.store.rows import ACCOUNT, account_of

ASK: Final = """
    INSERT INTO letter_wish (email_key, kind, asked_at) VALUES ($1, $2, to_timestamp($3::float8))
"""

TAKE: Final = """
    DELETE FROM letter_wish
    WHERE id = (SELECT id FROM letter_wish ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING email_key, kind
"""

FIND: Final = f"SELECT {ACCOUNT} FROM account WHERE email_key = $1 AND disabled_at IS NULL"


@dataclass(frozen=True, slots=True)
class HeldWish:
    """A wish that is gone with the end of the transaction; `account` is whose address it is."""

    connection: Connection
    kind: LetterKind
    account: Account | None


class WishStore:
    """Keeps wishes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, kind: LetterKind, email_key: str, *, now: float) -> None:
        """Wish for a letter to this address; nothing happens if nobody has it."""
        await self._database.execute(ASK, email_key, kind, now)

    @asynccontextmanager
    async def take(self) -> AsyncIterator[HeldWish | None]:
        """Hold the oldest wish that nobody else holds, in a transaction that ends with the block.

        None if there is none. Who has a disabled account counts as nobody.
        """
        async with self._database.transaction() as connection:
            wish = await connection.fetchrow(TAKE)
            if wish is None:
                yield None
                return
            row = await connection.fetchrow(FIND, wish["email_key"])
            account = account_of(row) if row else None
            yield HeldWish(connection, LetterKind(wish["kind"]), account)
