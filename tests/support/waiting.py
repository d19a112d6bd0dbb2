"""Waiting for what no event tells."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

LOOK_S: Final = 0.02
WITHIN_S: Final = 20.0
"""Ten times what the slowest takes on an idle machine."""

T = TypeVar("T")


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
