"""Work that is there or is not: done until there is no more, then looked for now and then."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from libs.common.clock import Clock
from libs.common.errors import TimedOut, Unavailable

log = structlog.get_logger()


class Working:
    """Calls `once` again at once as long as it says that it found something to do."""

    def __init__(self, once: Callable[[], Awaitable[bool]], *, poll_s: float, clock: Clock) -> None:
        self._once = once
        self._poll_s = poll_s
        self._clock = clock
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._woken.clear()
            try:
                if await self._once():
                    continue
            except (Unavailable, TimedOut) as error:
                log.warning("privacy_work_postponed", reason=repr(error.__cause__ or error))
            await self._rest()

    async def _rest(self) -> None:
        ways = {
            asyncio.create_task(self._woken.wait()),
            asyncio.create_task(self._clock.sleep(self._poll_s)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
