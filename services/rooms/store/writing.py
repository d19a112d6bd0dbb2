"""Transactions that others have to hear of: once they have committed, the outbox is looked at.

Locks are taken in one order, so that nobody waits in a circle: a person, a room, its turn in the
outbox.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from libs.common.errors import Conflict
from libs.common.postgres import Connection, Database

TITLE_IS_UNIQUE: Final = "room_title_is_unique"


class TitleTaken(Conflict):
    code = "title_taken"
    message = "The owner has another room of this title."


class Writing:
    """Begins transactions; `wake` is called after each commit."""

    def __init__(self, database: Database, *, wake: Callable[[], None]) -> None:
        self._database = database
        self._wake = wake

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        """Lend a connection in a transaction that commits with the block or not at all.

        Raises, from the block: TitleTaken.
        """
        try:
            async with self._database.transaction() as connection:
                yield connection
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == TITLE_IS_UNIQUE:
                raise TitleTaken from None
            raise
        self._wake()
