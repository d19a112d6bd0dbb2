"""Writes what is in the outboxes: once per turn of the loop, and not all at once.

What several events put into one outbox in a turn goes out with one system call, without a timer
and without delay when there is little to do. A large room is written in slices, so that in between
others are read and pinged: 500 writes take about 2 ms.
"""

import asyncio
from typing import Final, Protocol

from prometheus_client import Histogram

SLICE: Final = 500


class Flushed(Protocol):
    def flush(self) -> None:
        """Write what waits, if the peer takes it; never raises."""
        ...


class Flusher:
    """`sizes` counts how many sockets one turn wrote to."""

    def __init__(self, sizes: Histogram) -> None:
        self._sizes = sizes
        self._waiting: list[Flushed] = []
        self._is_called = False

    def add(self, flushed: Flushed) -> None:
        """Flush at the end of this turn; whoever was added first comes first."""
        self._waiting.append(flushed)
        if not self._is_called:
            self._is_called = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        now, self._waiting = self._waiting[:SLICE], self._waiting[SLICE:]
        self._is_called = bool(self._waiting)
        if self._is_called:
            asyncio.get_running_loop().call_soon(self._flush)
        self._sizes.observe(len(now))
        for flushed in now:
            flushed.flush()
