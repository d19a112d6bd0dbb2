"""Reports all leases again when presence has started anew, and then says that those were all.

A slice at a time, so that other commands get through and presence is not flooded by all gateways
at once. What presence hears of a connection keeps its order, since all of it goes the same way.
"""

import asyncio
from typing import Final, Protocol
from uuid import UUID

import structlog

from libs.common.clock import Clock
from services.gateway.hub.people import People

log = structlog.get_logger()

SLICE_S: Final = 0.05


class Reporting(Protocol):
    """The end of `Sending` that is needed here."""

    def complete_report(self, roster: UUID) -> bool: ...


class LeaseRounds:
    """Answers each roster once, with at most `per_s` leases a second."""

    def __init__(self, people: People, sending: Reporting, *, per_s: float, clock: Clock) -> None:
        self._people = people
        self._sending = sending
        self._slice = max(1, round(per_s * SLICE_S))
        self._clock = clock
        self._roster: UUID | None = None
        self._is_asked = asyncio.Event()

    def begin(self, roster: UUID) -> None:
        """Report all leases to a new roster; one that asks again is being answered."""
        if roster != self._roster:
            self._roster = roster
            self._is_asked.set()

    async def run(self) -> None:
        """Answer rosters that ask, for ever."""
        while True:
            await self._is_asked.wait()
            self._is_asked.clear()
            roster = self._roster
            if roster is not None and not await self._report_all(roster):
                # It asks again before long.
                self._roster = None

    async def _report_all(self, roster: UUID) -> bool:
        """Return False when a report was not taken: then nobody may say that those were all."""
        connections = self._people.connections()
        for start in range(0, len(connections), self._slice):
            if start:
                await self._clock.sleep(SLICE_S)
            for connection in connections[start : start + self._slice]:
                listener = self._people.connection(connection)
                if listener is not None and not listener.report_lease():
                    return False
        log.info("leases_reported", count=len(connections))
        return self._sending.complete_report(roster)
