"""A clock that can be set ahead: it tells the time of the story and ticks like any other.

Waits are real: what works in the background every second does so every second of whoever waits for
the story, and not a million times.
"""

from libs.common.clock import Clock


class StoryClock:
    """Begins at `begins_at` (seconds since 1970) and never goes back, in neither of its times."""

    def __init__(self, real: Clock, *, begins_at: float) -> None:
        self._real = real
        self._ahead_s = begins_at - real.now()
        self._leapt_s = 0.0

    def now(self) -> float:
        return self._real.now() + self._ahead_s

    def monotonic(self) -> float:
        return self._real.monotonic() + self._leapt_s

    async def sleep(self, duration_s: float) -> None:
        await self._real.sleep(duration_s)

    def go_to(self, moment: float) -> None:
        """Let it be `moment`, unless it is later already."""
        leap_s = max(0.0, moment - self.now())
        self._ahead_s += leap_s
        self._leapt_s += leap_s
