"""Who is let in when: so many a second, in the order in which they came, and nobody waits for long.

A turn is a time. Each who comes gets the one behind the last that was given; when that is too far
away they get none. A second's worth of turns may be taken at once after a pause.
"""

from libs.common.errors import Unavailable

BURST_S = 1.0


class Turns:
    """`per_s` turns a second, none of them further than `max_wait_s` away. Times are monotonic."""

    def __init__(self, *, per_s: float, max_wait_s: float) -> None:
        self._step_s = 1 / per_s
        self._max_wait_s = max_wait_s
        self._next_at = 0.0

    def wait_s(self, now: float) -> float:
        """Return how long one who came now would wait."""
        return max(0.0, self._next_at - now)

    def are_all_taken(self, now: float) -> bool:
        return self.wait_s(now) > self._max_wait_s

    def take(self, now: float) -> float:
        """Take the next turn and return how long to wait for it.

        Raises: Unavailable when that is too long, and then none is taken.
        """
        if self.are_all_taken(now):
            raise Unavailable
        self._next_at = max(self._next_at, now - BURST_S) + self._step_s
        return self.wait_s(now)
