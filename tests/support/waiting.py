"""Waiting for what no event tells."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from libs.common.postgres import Database

LOOK_S: Final = 0.02
WITHIN_S: Final = 20.0
"""Ten times what the slowest takes on an idle machine."""

T = TypeVar("T")

LOCKED_OUT: Final = """
    SELECT EXISTS (
        SELECT FROM pg_locks AS awaited JOIN pg_locks AS held USING (pid)
        JOIN pg_database ON pg_database.oid = held.database
        WHERE NOT awaited.granted AND datname = current_database()
    )
"""
"""What a transaction waits for names no database; what it holds does."""


async def eventually(
    look: Callable[[], Awaitable[T]], is_so: Callable[[T], bool], *, within_s: float = WITHIN_S
) -> T:
    """Look again and again, and return the first thing seen that is so.  Raises: TimeoutError."""
    async with asyncio.timeout(within_s):
        # Another process tells no event.
        while not is_so(seen := await look()):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_S)
    return seen


async def until(is_so: Callable[[], bool], *, within_s: float = WITHIN_S) -> None:
    """Return once something that can be seen at once is so.  Raises: TimeoutError."""
    async with asyncio.timeout(within_s):
        # Files and other processes tell no event.
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_S)


async def until_one_waits(database: Database) -> None:
    """Return once a statement of somebody waits for the end of another's transaction."""

    async def look() -> bool:
        return bool(await database.fetchval(LOCKED_OUT))

    await eventually(look, bool)
