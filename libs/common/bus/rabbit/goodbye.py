"""Saying goodbye to a connection or a channel, without waiting for ever for the answer."""

import asyncio
from collections.abc import Awaitable
from typing import Any


async def goodbye(closing: Awaitable[Any], *, limit_s: float) -> None:
    """Wait for a goodbye, but not for ever, and whatever comes of it.

    It runs in a task that is left behind when it is late: the library goes on waiting for the end
    of a connection when it is cancelled, so no time limit around it would hold.
    """
    task = asyncio.ensure_future(closing)
    await asyncio.wait({task}, timeout=limit_s)
    if not task.done():
        task.cancel()
    elif not task.cancelled():
        # Looked at, so that nobody complains that nobody did.
        task.exception()
