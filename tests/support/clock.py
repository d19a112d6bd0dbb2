"""A clock and a chance that do what the test says."""

import asyncio
import heapq
from itertools import count
from uuid import UUID

TEN_O_CLOCK = 1_700_000_000.0


class SetClock:
    """Time stands still until `advance`; sleepers wake in the order of their times."""

    def __init__(self, now: float = TEN_O_CLOCK) -> None:
        self._now = now
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._now

    async def sleep(self, duration_s: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + duration_s, next(self._numbers), woken))
        await woken

    @property
    def sleepers(self) -> int:
        """Return how many tasks wait for time to pass."""
        return len(self._sleepers)

    async def advance(self, duration_s: float) -> None:
        """Let time pass and everybody whose time has come run until they wait again."""
        end = self._now + duration_s
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._now, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            await settle()
        self._now = end
        await settle()


class CountedChance:
    """Ids and tokens are counted, waits are the shortest possible."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new_id(self) -> UUID:
        return UUID(int=next(self._numbers), version=4)

    def token(self) -> str:
        return f"token-{next(self._numbers)}"

    def uniform(self, low: float, high: float) -> float:
        return low


async def settle(turns: int = 20) -> None:
    """Let everything that is ready run, and what that makes ready, and so on."""
    for _ in range(turns):
        await asyncio.sleep(0)
