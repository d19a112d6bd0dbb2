"""Work that is there or is not: done until there is no more, then looked for now and then."""

from collections.abc import Awaitable, Callable

import structlog

from libs.common.clock import Clock
from libs.common.errors import TimedOut, Unavailable
from libs.common.sleeper import Sleeper

log = structlog.get_logger()


class Working:
    """Calls `once` again at once as long as it says that it found something to do."""

    def __init__(self, once: Callable[[], Awaitable[bool]], *, poll_s: float, clock: Clock) -> None:
        self._once = once
        self._poll_s = poll_s
        self._sleeper = Sleeper(clock)

    def wake(self) -> None:
        """Look now."""
        self._sleeper.wake()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                if await self._once():
                    continue
            except (Unavailable, TimedOut) as error:
                log.warning("privacy_work_postponed", reason=repr(error.__cause__ or error))
            await self._sleeper.sleep(self._poll_s)
