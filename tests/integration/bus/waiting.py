"""Waiting for what a broker does in its own time."""

import asyncio
from collections.abc import Awaitable, Callable

from libs.common.bus.interface import Bus

LOOK_EVERY_S = 0.01
PATIENCE_S = 5.0


async def eventually(is_so: Callable[[], Awaitable[bool]], *, within_s: float) -> None:
    """Return once it is so.  Raises: TimeoutError."""
    async with asyncio.timeout(within_s):
        is_now = await is_so()
        while not is_now:
            await asyncio.sleep(LOOK_EVERY_S)
            is_now = await is_so()


async def eventually_not_ready(bus: Bus, *, within_s: float = PATIENCE_S) -> None:
    async def is_so() -> bool:
        return not await bus.is_ready()

    await eventually(is_so, within_s=within_s)
