"""Does one thing until its outcome is known, as a good client does."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import httpx

from hubbub_client.frames import Refused

T = TypeVar("T")

AGAIN_S: Final = 0.1
GIVE_UP_S: Final = 40.0
"""Long enough for several processes to start one after the other on a busy machine."""

DoneBefore = Callable[[Refused], T | None]
"""What a refusal means after a try whose outcome nobody knows; None: what it says."""


async def settled(
    attempt: Callable[[], Awaitable[T]], *, done_before: DoneBefore[T] | None = None
) -> T:
    """Return what it came to.

    Raises: Refused, for good; TimeoutError, also when an attempt heard nothing for too long.
    """
    is_unknown = False
    async with asyncio.timeout(GIVE_UP_S):
        while True:
            try:
                return await attempt()
            except Refused as refusal:
                meant = done_before(refusal) if is_unknown and done_before is not None else None
                if meant is not None:
                    return meant
                if not (refusal.is_retryable or refusal.retry_after_ms):
                    raise
                await asyncio.sleep((refusal.retry_after_ms or 0) / 1000)
            except (httpx.HTTPError, ConnectionError, json.JSONDecodeError):
                pass
            is_unknown = True
            await asyncio.sleep(AGAIN_S)
