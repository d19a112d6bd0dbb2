"""Batching without a timer: what comes while one batch is on its way goes with the next.

    add ----> | waiting |  ----> | flight | ----> send ----> landed: the whole list goes next
                                     ^               |
                                     +-- retry_delay_s <-- failed: the very same flight again

The confirm of the last flight is the clock. Under light load an item goes at the end of the loop's
turn it came in, under heavy load hundreds go together, and nobody chooses a size. There is one
flight at a time and a failed one stays at the head, so items never overtake each other.

Whether a failed flight arrived is not known: whoever receives items must take repeats.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from libs.common.clock import Clock
from libs.common.errors import Draining, TimedOut, Unavailable

T = TypeVar("T")


class Full(Unavailable):
    """Too much is waiting already: the item was not added."""


@dataclass(frozen=True, slots=True)
class Bounds:
    max_items: int
    max_bytes: int


class Batch(Generic[T]):
    """Items in order: some in flight, the others waiting behind them.  Does no I/O.

    `held` bounds both together, `flight` bounds one flight; an item larger than that flies alone.
    """

    def __init__(self, *, held: Bounds, flight: Bounds) -> None:
        self._held = held
        self._flight_bounds = flight
        self._waiting: deque[tuple[T, int]] = deque()
        self._flight: list[T] = []
        self._waiting_bytes = 0
        self._flight_bytes = 0

    def __len__(self) -> int:
        return len(self._waiting) + len(self._flight)

    @property
    def size_bytes(self) -> int:
        return self._waiting_bytes + self._flight_bytes

    @property
    def has_full_flight(self) -> bool:
        """Tell whether waiting longer could not make the next flight larger."""
        return (
            len(self._waiting) >= self._flight_bounds.max_items
            or self._waiting_bytes >= self._flight_bounds.max_bytes
        )

    def add(self, item: T, size_bytes: int) -> None:
        """Put an item behind all others.  Raises: Full, and then nothing is added."""
        if len(self) >= self._held.max_items or (
            self.size_bytes + size_bytes > self._held.max_bytes
        ):
            raise Full
        self._waiting.append((item, size_bytes))
        self._waiting_bytes += size_bytes

    def flight(self) -> Sequence[T]:
        """Return the items to send now: the same until they have `landed`."""
        if not self._flight:
            self._load()
        return self._flight

    def landed(self) -> None:
        """Forget the flight: it has arrived."""
        self._flight = []
        self._flight_bytes = 0

    def _load(self) -> None:
        bounds = self._flight_bounds
        while self._waiting and len(self._flight) < bounds.max_items:
            item, size_bytes = self._waiting[0]
            if self._flight and self._flight_bytes + size_bytes > bounds.max_bytes:
                break
            self._waiting.popleft()
            self._flight.append(item)
            self._flight_bytes += size_bytes
        self._waiting_bytes -= self._flight_bytes


class OneFlight(Generic[T]):
    """Sends what is added, in order, one flight at a time.

    `send` returns once a flight has arrived and raises `Unavailable` or `TimedOut` when it may not
    have; anything else it raises ends `run`. It bounds its own time. `retry_delay_s` is given the
    number of failures in a row. `linger_s` (0: never) is how long to wait for company, and only
    when the flight before left less than that ago, so that a quiet room never pays for it.
    """

    def __init__(
        self,
        send: Callable[[Sequence[T]], Awaitable[None]],
        *,
        held: Bounds,
        flight: Bounds,
        retry_delay_s: Callable[[int], float],
        linger_s: float,
        clock: Clock,
    ) -> None:
        self._send = send
        self._batch = Batch[T](held=held, flight=flight)
        self._retry_delay_s = retry_delay_s
        self._linger_s = linger_s
        self._clock = clock
        self._has_items = asyncio.Event()
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self._is_draining = False
        self._left_at = float("-inf")
        self._failures = 0

    def __len__(self) -> int:
        """Return how many items have not arrived."""
        return len(self._batch)

    @property
    def failures(self) -> int:
        """Return how many times in a row the flight at the head has failed."""
        return self._failures

    def add(self, item: T, size_bytes: int) -> None:
        """Send an item after all that were added before.  Raises: Full, Draining."""
        if self._is_draining:
            raise Draining
        self._batch.add(item, size_bytes)
        if not self._has_items.is_set():
            # Wakes `run` in the next turn of the loop, so all that is added in this one goes along.
            self._has_items.set()
            self._is_empty.clear()

    async def run(self) -> None:
        """Send until cancelled; what has not arrived then is kept."""
        while True:
            await self._has_items.wait()
            await self._wait_for_company()
            await self._fly()
            if not self._batch:
                self._has_items.clear()
                self._is_empty.set()

    async def drain(self, timeout_s: float) -> int:
        """Take nothing more, let `run` send the rest, and return how many are left after the time.

        0 means that everything has arrived.
        """
        self._is_draining = True
        try:
            async with asyncio.timeout(timeout_s):
                await self._is_empty.wait()
        except TimeoutError:
            pass
        return len(self._batch)

    async def _wait_for_company(self) -> None:
        is_busy = self._clock.monotonic() - self._left_at < self._linger_s
        if is_busy and not self._failures and not self._batch.has_full_flight:
            await self._clock.sleep(self._linger_s)

    async def _fly(self) -> None:
        self._left_at = self._clock.monotonic()
        try:
            await self._send(self._batch.flight())
        except (Unavailable, TimedOut):
            self._failures += 1
            await self._clock.sleep(self._retry_delay_s(self._failures))
        else:
            self._failures = 0
            self._batch.landed()
