"""What runs on this machine because of a program, as /proc tells."""

import os
import signal
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")


def descendants(pid: int) -> set[int]:
    """Return the process ids of everything that a process has started, itself excluded."""
    children: dict[int, list[int]] = {}
    for one in _pids():
        children.setdefault(_parent(one), []).append(one)
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        begun = children.get(waiting.pop(), [])
        found.update(begun)
        waiting += begun
    return found


def mentioning(folder: Path) -> dict[int, str]:
    """Return the command lines that name a folder, by process id."""
    lines = {pid: _read(pid, "cmdline").replace("\0", " ") for pid in _pids()}
    return {pid: line for pid, line in lines.items() if str(folder) in line}


def running(pids: set[int]) -> set[int]:
    """Return those that still run; a zombie runs no more."""
    return {pid for pid in pids if _read(pid, "cmdline")}


def postmaster(folder: Path) -> int:
    """Return the process id of the Postgres on a data folder."""
    pid_file = folder / "postgres" / "cluster" / "postmaster.pid"
    return int(pid_file.read_text().partition("\n")[0])


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal()]


def _parent(pid: int) -> int:
    # The second word is the command in brackets and may hold anything.
    words = _read(pid, "stat").rpartition(")")[2].split()
    return int(words[1]) if words else 0


def _read(pid: int, name: str) -> str:
    try:
        return (PROC / str(pid) / name).read_bytes().decode(errors="replace")
    except OSError:
        return ""
