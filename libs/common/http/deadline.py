"""A time budget that travels: whoever answers a request hands on what is left of it.

Nobody works for a caller who has given up. The budget is set where a request comes in, carried by
context to the calls made on its behalf, and sent on as `X-Deadline-Ms`, the milliseconds left.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Final

from libs.common.errors import TimedOut

HEADER: Final = "x-deadline-ms"

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@asynccontextmanager
async def within(limit_s: float) -> AsyncIterator[None]:
    """Cancel the block when `limit_s` seconds are over, or what is left of an outer limit.

    Raises: TimedOut.
    """
    outer = remaining_s()
    limit_s = limit_s if outer is None else min(limit_s, outer)
    when = asyncio.get_running_loop().time() + limit_s
    limit = asyncio.timeout_at(when)
    token = _deadline.set(when)
    try:
        async with limit:
            yield
    except TimeoutError:
        if limit.expired():
            raise TimedOut from None
        raise
    finally:
        _deadline.reset(token)


@contextmanager
def anew() -> Iterator[None]:
    """Forget any limit inside the block: work for somebody new begins here."""
    token = _deadline.set(None)
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining_s() -> float | None:
    """Return the seconds left for the current request, not below 0; None outside of any."""
    when = _deadline.get()
    return None if when is None else max(0.0, when - asyncio.get_running_loop().time())


def parse_ms(header: str | None) -> float | None:
    """Return the caller's budget in seconds; what is not a number of milliseconds is ignored."""
    if header is None or not header.isdecimal() or len(header) > 9:
        return None
    return int(header) / 1000
