"""Keeps one process running: whatever ends it, it is started again, sooner the longer it lived.

starting -> runs -> died: again after 0.2 s; after 10 s when it dies young, time after time
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

import structlog

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.retry import Backoff
from services.fleet.plan import Member
from services.nodes.guard import Ladder
from services.nodes.guarded import Ending, Guarded

log = structlog.get_logger()

LADDER: Final[Ladder] = ((signal.SIGTERM, 40.0), (signal.SIGKILL, 5.0))
"""A gateway sends its clients elsewhere before it ends."""

GROWN_UP_S: Final = 10.0
"""Who lived so long did not die of its start."""

FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 10.0


class Running(Protocol):
    """A process that runs."""

    @property
    def program_pid(self) -> int | None: ...

    async def ended(self) -> Ending:
        """Wait until it has ended."""
        ...

    async def stop(self) -> Ending:
        """End it in order."""
        ...


class Keeper:
    """One member of the fleet, and the process that it is at the moment."""

    def __init__(
        self,
        member: Member,
        start: Callable[[], Awaitable[Running]],
        *,
        log_file: Path,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self.member = member
        self.log_file = log_file
        self.starts = 0
        self._start = start
        self._clock = clock
        self._backoff = Backoff(first_s=FIRST_PAUSE_S, max_s=LONGEST_PAUSE_S, chance=chance)
        self._process: Running | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Return the process id, while there is a process."""
        return self._process.program_pid if self._process is not None else None

    async def run(self) -> None:
        """Start it, and again whenever it has ended, until `stop`."""
        failures = 0
        while not self._stopping.is_set():
            began = self._clock.monotonic()
            self.starts += 1
            self._process = process = await self._start()
            ending = await process.ended()
            if self._stopping.is_set():
                break
            log.warning(
                "process_died",
                process=self.member.name,
                status=ending.status,
                log=str(self.log_file),
            )
            has_grown_up = self._clock.monotonic() - began >= GROWN_UP_S
            failures = 1 if has_grown_up else failures + 1
            await self._clock.sleep(self._backoff.delay_s(failures))

    async def stop(self) -> None:
        """End it in order, and start it no more."""
        self._stopping.set()
        if self._process is not None:
            await self._process.stop()


def start_of(
    member: Member, environment: Mapping[str, str], log_file: Path
) -> Callable[[], Awaitable[Running]]:
    """Return what starts a member's process with these variables."""

    async def start() -> Running:
        return await Guarded.run(
            [sys.executable, "-m", "services", "run", member.service],
            log=log_file,
            ladder=LADDER,
            environment=environment,
        )

    return start
