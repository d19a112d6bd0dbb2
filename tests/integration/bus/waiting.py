"""Waiting for what a broker does in its own time."""

import asyncio

from libs.common.bus.interface import Bus

PATIENCE_S = 5.0


async def eventually_not_ready(bus: Bus, *, within_s: float = PATIENCE_S) -> None:
    """Look in every turn of the loop: what was lost may be there again a few milliseconds later.

    Raises: TimeoutError.
    """
    async with asyncio.timeout(within_s):
        while await bus.is_ready():  # noqa: ASYNC110
            await asyncio.sleep(0)
