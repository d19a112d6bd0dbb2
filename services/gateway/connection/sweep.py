"""One timer for all connections: each is looked at once a second.

A timer or a task for each would cost several times as much. Connections are dealt out over slices,
so that one tick looks at few of them and those of one moment spread.
"""

from collections.abc import Callable
from typing import Final, Protocol

from libs.common.clock import Clock

SLICES: Final = 100
PERIOD_S: Final = 1.0

STALL_S: Final = 5.0
"""A loop that stood still for so long may have missed events that the bus gave up meanwhile."""


class Swept(Protocol):
    """Something with deadlines. `due_at` is the first of them, in monotonic time."""

    due_at: float

    def due(self, now: float) -> None:
        """Do what is due, and set `due_at` anew."""
        ...

    def send_away(self, *, after_s: float) -> None:
        """Ask the client to go elsewhere, and let it go on for so long."""
        ...

    def stop(self) -> None:
        """End at once."""
        ...


class Sweep:
    """`on_stall` hears when the loop stood still."""

    def __init__(self, clock: Clock, *, on_stall: Callable[[], None]) -> None:
        self._clock = clock
        self._on_stall = on_stall
        self._slices: list[dict[Swept, None]] = [{} for _ in range(SLICES)]
        self._homes: dict[Swept, int] = {}
        self._next_home = 0
        self._next_slice = 0

    def add(self, swept: Swept) -> None:
        """Look at it from now on."""
        self._homes[swept] = self._next_home
        self._slices[self._next_home][swept] = None
        self._next_home = (self._next_home + 1) % SLICES

    def __len__(self) -> int:
        return len(self._homes)

    def all(self) -> list[Swept]:
        return list(self._homes)

    def remove(self, swept: Swept) -> None:
        """Look at it no more; harmless if nobody does."""
        home = self._homes.pop(swept, None)
        if home is not None:
            del self._slices[home][swept]

    async def run(self) -> None:
        """Look at one slice after the other, for ever."""
        while True:
            before = self._clock.monotonic()
            pause_s = PERIOD_S / SLICES if self._homes else PERIOD_S
            await self._clock.sleep(pause_s)
            now = self._clock.monotonic()
            if now - before > pause_s + STALL_S:
                self._on_stall()
            self.tick(now)

    def tick(self, now: float) -> None:
        """Look at the next slice."""
        looked_at = self._slices[self._next_slice]
        self._next_slice = (self._next_slice + 1) % SLICES
        for swept in [swept for swept in looked_at if swept.due_at <= now]:
            swept.due(now)
