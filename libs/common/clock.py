"""Time, passed in everywhere: nothing else in the project asks the machine what time it is.

`now` is wall-clock time in seconds since 1970 (UTC); it may jump, so it dates things. `monotonic`
never goes back, so it measures and limits things. Both are seconds as floats.
"""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the project may ask of time."""

    def now(self) -> float:
        """Return seconds since 1970, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds from an arbitrary start; never goes back."""
        ...

    async def sleep(self, duration_s: float) -> None:
        """Wait `duration_s` seconds and let others run."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, duration_s: float) -> None:
        await asyncio.sleep(duration_s)
