"""Bounds on attempts whose outcome is not known yet.

An attempt counts before its password is looked at, or a hundred guesses at once would be one. So
that right passwords are not refused for that, what they took of the limit on failures is given
back, and `Turns` lets those wait for each other that would otherwise be too many.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from libs.common.ratelimit import Limit
from libs.common.rates_postgres import PostgresRates, Rate
from services.auth.api.hashing import RETRY_AFTER_MS, HashingBusy
from services.auth.settings.general import AuthSettings


class Line:
    """Lets `at_once` go on together and the others wait, in their order, `timeout_s` at most.

    A log-in is worth a dozen statements: hundreds that begin together would take every connection
    to the database in turn, and whoever asks for anything else would stand behind them all.
    """

    def __init__(self, *, at_once: int, max_waiting: int, timeout_s: float) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._max_waiting = max_waiting
        self._timeout_s = timeout_s
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold a turn.  Raises: HashingBusy when the line is too long, or the wait."""
        await self._wait()
        try:
            yield
        finally:
            self._turns.release()

    async def _wait(self) -> None:
        if self._waiting >= self._max_waiting:
            raise HashingBusy(retry_after_ms=RETRY_AFTER_MS)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._turns.acquire()
        except TimeoutError:
            raise HashingBusy(retry_after_ms=RETRY_AFTER_MS) from None
        finally:
            self._waiting -= 1


def hashes_of(rates: PostgresRates, settings: AuthSettings) -> Rate:
    """Return the limit of everything that costs a password's hash, whoever asks for it.

    Keys are networks, and where somebody is logged in the ids of people.
    """
    limit = Limit.per_minute(settings.hashes_per_minute, burst=settings.hashes_burst)
    return rates.of("hash", limit)


@dataclass(slots=True)
class _Line:
    """Those who hold or await a turn."""

    turns: asyncio.Semaphore
    people: int = 0


class Turns:
    """Lets at most `at_once` attempts of one key go on together; the others wait in line."""

    def __init__(self, *, at_once: int) -> None:
        self._at_once = at_once
        self._lines: dict[Hashable, _Line] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Hold a turn. Whoever waits bounds the wait."""
        line = self._lines.setdefault(key, _Line(asyncio.Semaphore(self._at_once)))
        line.people += 1
        try:
            async with line.turns:
                yield
        finally:
            line.people -= 1
            if not line.people:
                del self._lines[key]
