"""Processes of this machine that are not our children: found in /proc, told, and waited for."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")

_LOOK_S = 0.02


def pids(proc: Path) -> list[int]:
    """Return the ids of all processes; none where there is no /proc."""
    if not proc.is_dir():
        return []
    return [int(entry.name) for entry in proc.iterdir() if entry.name.isdecimal()]


def send(pid: int, step: signal.Signals) -> None:
    """Send a signal, unless the process has ended by itself or is not ours to end."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, step)


async def gone(there: Callable[[], set[int]], *, patience_s: float) -> None:
    """Return when `there` finds no process any more, or after `patience_s`."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while there():  # noqa: ASYNC110 - nobody tells us: they are not our children
                await asyncio.sleep(_LOOK_S)
