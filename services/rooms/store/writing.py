"""Transactions that others have to hear of: they end once the outbox has been looked at.

So who was put out of a room is out of its log, too, when the answer comes, and who joined may
write. When the bus is away the change stands all the same, and is told later.

Locks are taken in one order, so that nobody waits in a circle: a person, a room, its turn in the
outbox.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
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
    """Begins transactions; `tell` is awaited after each commit, and bounds its own time."""

    def __init__(self, database: Database, *, tell: Callable[[], Awaitable[object]]) -> None:
        self._database = database
        self._tell = tell

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
        await self._tell()
