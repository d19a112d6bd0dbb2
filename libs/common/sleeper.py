"""Sleep that may be cut short: for whoever looks now and then, and at once when told to."""

import asyncio

from libs.common.clock import Clock


class Sleeper:
    """Sleeps by the clock. A call that comes while nobody sleeps cuts the next sleep."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """End the sleep now."""
        self._woken.set()

    async def sleep(self, at_most_s: float) -> None:
        """Wait until somebody wakes, or for `at_most_s` seconds."""
        ways = {
            asyncio.create_task(self._woken.wait()),
            asyncio.create_task(self._clock.sleep(at_most_s)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
        self._woken.clear()
