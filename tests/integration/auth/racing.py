"""Others whose transactions are open while somebody asks for something."""

import asyncio
from contextlib import suppress
from typing import Any

from libs.common.postgres import Database
from tests.support.waiting import until_one_waits


async def waits_or_ends(asking: asyncio.Task[Any], database: Database) -> None:
    """Return once somebody waits for the end of another's transaction, or has their answer."""
    waiting = asyncio.create_task(until_one_waits(database))
    await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
