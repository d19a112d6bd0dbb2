"""Trying again: how long to wait before the next try, and until when to try at all."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from libs.common.cancelling import end_if_cancelled
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.errors import TimedOut, Unavailable

T = TypeVar("T")

DelayS = Callable[[int], float]
"""From the number of failures in a row to the seconds before the next try."""

MAX_DOUBLINGS: Final = 30


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first_s` to `max_s`, each of them shortened by up to a half.

    The chance in it keeps those who lost the same thing from coming back all at once.
    """

    first_s: float
    max_s: float
    chance: Chance

    def delay_s(self, failures: int) -> float:
        """Return the wait after this many failures in a row, counted from 1."""
        doubled = self.first_s * 2.0 ** min(failures - 1, MAX_DOUBLINGS)
        longest = min(doubled, self.max_s)
        return self.chance.uniform(longest / 2, longest)


async def retrying(
    work: Callable[[], Awaitable[T]], *, for_s: float, delay_s: DelayS, clock: Clock
) -> T:
    """Do `work` again until it succeeds, or until the next try would begin after `for_s` seconds.

    Only for work that may be done twice: the outcome of a failed try is unknown. A try that is
    under way is not cut short; it bounds its own time.

    Raises: Unavailable, TimedOut as the last try did; anything else at once.
    """
    give_up_at = clock.monotonic() + for_s
    failures = 0
    while True:
        try:
            return await work()
        except (Unavailable, TimedOut):
            end_if_cancelled()
            failures += 1
            pause_s = delay_s(failures)
            if clock.monotonic() + pause_s > give_up_at:
                raise
            await clock.sleep(pause_s)
