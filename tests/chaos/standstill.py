"""Parts of a fleet that stand still, or are away, for as long as a test wants."""

import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Final

from tests.support.fleet import NODES, Fleet
from tests.support.processes import descendants
from tests.support.waiting import eventually

APPEARS_S: Final = 60.0
"""A gateway sends its clients elsewhere before it ends, and is only then started again."""


@asynccontextmanager
async def still(name: str, fleet: Fleet) -> AsyncIterator[None]:
    """Let a process or a node stand still; in the end it goes on as if nothing had been."""
    await is_there(name, fleet)
    async with standing_still(fleet.pids(name)):
        yield


@asynccontextmanager
async def standing_still(pids: Iterable[int]) -> AsyncIterator[None]:
    """Let processes stand still, and all that they have started."""
    halted = _halt(pids)
    try:
        yield
    finally:
        _send(signal.SIGCONT, halted)


@asynccontextmanager
async def away(name: str, fleet: Fleet) -> AsyncIterator[None]:
    """End a process as a crash does; who comes in its place goes on with its start in the end.

    Until then that one stands still, and has not opened a door: nobody answers there.
    """
    await is_there(name, fleet)
    gone = fleet.pid(name)
    fleet.signal(name, signal.SIGKILL)
    await is_there(name, fleet, but=gone)
    async with still(name, fleet):
        yield


async def is_there(name: str, fleet: Fleet, *, but: int | None = None) -> None:
    """Wait for a process that the fleet is just starting; `but`: it is not the one any more."""

    async def pid() -> int | None:
        found: int | None = fleet.members()[name]["pid"]
        return found

    if name not in NODES:
        await eventually(pid, lambda found: found not in {None, but}, within_s=APPEARS_S)


def _halt(pids: Iterable[int]) -> set[int]:
    """Halt processes and all that they have started, and return them."""
    halted: set[int] = set()
    following = set(pids)
    # Who stands still starts nobody, so in the end no child is missed.
    while following:
        _send(signal.SIGSTOP, following)
        halted |= following
        following = set[int]().union(*map(descendants, halted)) - halted
    return halted


def _send(number: signal.Signals, pids: Iterable[int]) -> None:
    """Send a signal to processes; some may have been killed meanwhile."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
