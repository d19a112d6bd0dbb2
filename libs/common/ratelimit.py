"""How often somebody may do something: a token bucket kept as one time (GCRA).

Instead of counting tokens a bucket remembers when it will be full again. Each take moves that time
on by `1 / per_s`; a take that would move it further than a whole bucket ahead of now is refused,
and the difference is how long to wait. Nothing has to be refilled and nothing ticks.

    full_at <= now                      now < full_at                    full_at = now + burst/per_s
    full: `burst` at once               partly used                      empty: wait 1/per_s

`now` is in seconds of a clock that never goes back: `Clock.monotonic`.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import islice
from math import ceil
from typing import Final, Self

from libs.common.errors import TooMany

SLACK_NS: Final = 1_000
"""A time in a float is exact to less than this: who waits exactly as long as told is not sent away
again for a rounding.
"""

OLDEST_LOOKED_AT: Final = 16
"""How many of the keys that were used longest ago are looked at to make room for a new one."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `per_s` takes per second in the long run and `burst` at once."""

    per_s: float
    burst: int
    # Whole nanoseconds, as the sum of many small floats would lose the last take of a burst.
    _step_ns: int = field(init=False, repr=False, compare=False)
    _burst_ns: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.per_s <= 0 or self.burst < 1:
            raise ValueError(f"a limit lets something through: {self}")
        step_ns = round(1e9 / self.per_s)
        object.__setattr__(self, "_step_ns", step_ns)
        object.__setattr__(self, "_burst_ns", self.burst * step_ns)

    @classmethod
    def per_minute(cls, count: float, *, burst: int) -> Self:
        """Return a limit of `count` takes per minute in the long run."""
        return cls(count / 60, burst)

    @property
    def step_ns(self) -> int:
        """How much later a bucket is full again after one take."""
        return self._step_ns

    @property
    def whole_ns(self) -> int:
        """How long an empty bucket takes until it is full."""
        return self._burst_ns

    def taken(self, full_at_ns: int, now_ns: int) -> int:
        """Return when a bucket that would be full at `full_at_ns` is full again after one take.

        Raises: TooMany with the shortest wait after which a take would succeed.
        """
        full_at_ns = max(full_at_ns, now_ns) + self._step_ns
        wait_ns = full_at_ns - now_ns - self._burst_ns
        if wait_ns > SLACK_NS:
            raise TooMany(retry_after_ms=ceil(wait_ns / 1e6))
        return full_at_ns


class Bucket:
    """One limit for one subject."""

    __slots__ = ("_full_at_ns", "_limit")

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._full_at_ns = 0

    def take(self, now: float) -> None:
        """Take one.  Raises: TooMany, and then nothing is taken."""
        self._full_at_ns = self._limit.taken(self._full_at_ns, int(now * 1e9))


class RateLimiter:
    """One limit for each of many keys, of which at most `max_keys` are remembered.

    When there is no room for a new key, one whose bucket is full again goes first, as forgetting
    it changes nothing. When all those looked at are in use, the one that will be full soonest is
    forgiven what it has taken (counted in `forgiven`): a flood of keys makes the limit softer for
    a few, never closed for everybody.
    """

    def __init__(self, limit: Limit, *, max_keys: int) -> None:
        self._limit = limit
        self._max_keys = max_keys
        self._full_at_ns: OrderedDict[Hashable, int] = OrderedDict()
        self.forgiven = 0

    def __len__(self) -> int:
        return len(self._full_at_ns)

    def take(self, key: Hashable, now: float) -> None:
        """Take one for `key`.  Raises: TooMany, and then nothing is taken."""
        now_ns = int(now * 1e9)
        full_at_ns = self._full_at_ns.get(key)
        if full_at_ns is None:
            if len(self._full_at_ns) >= self._max_keys:
                self._forget_one(now_ns)
            full_at_ns = now_ns
        self._full_at_ns[key] = self._limit.taken(full_at_ns, now_ns)
        self._full_at_ns.move_to_end(key)

    def check(self, key: Hashable, now: float) -> None:
        """Raise TooMany if `take` would; nothing is taken."""
        full_at_ns = self._full_at_ns.get(key)
        if full_at_ns is not None:
            self._limit.taken(full_at_ns, int(now * 1e9))

    def _forget_one(self, now_ns: int) -> None:
        oldest = islice(self._full_at_ns, OLDEST_LOOKED_AT)
        key = min(oldest, key=self._full_at_ns.__getitem__)
        if self._full_at_ns.pop(key) > now_ns:
            self.forgiven += 1
