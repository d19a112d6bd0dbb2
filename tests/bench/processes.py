"""CPU time and memory of a program and everything it started, as the kernel counts them."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
KB: Final = 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds spent so far and proportional memory now, for the program and its database."""

    program_cpu_s: float
    database_cpu_s: float
    memory_bytes: int

    def cpu_since(self, earlier: "Usage") -> tuple[float, float]:
        return (
            self.program_cpu_s - earlier.program_cpu_s,
            self.database_cpu_s - earlier.database_cpu_s,
        )


def usage(pid: int) -> Usage:
    """Return what the process and all below it have used."""
    below = _descendants(pid)
    program = _cpu_s(pid)
    return Usage(
        program_cpu_s=program,
        # Also what children used that have ended, so that a backend that closed still counts.
        database_cpu_s=sum(_cpu_s(one) for one in below),
        memory_bytes=sum(_memory_bytes(one) for one in [pid, *below]),
    )


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children[int(fields[1])].append(int(entry.name))
    found, waiting = list[int](), [pid]
    while waiting:
        below = children[waiting.pop()]
        found += below
        waiting += below
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of a process after its name; none when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _cpu_s(pid: int) -> float:
    fields = _stat(pid)
    return sum(map(int, fields[11:13])) / TICKS_PER_S if fields else 0.0


def _memory_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KB for line in lines if line.startswith("Pss:")), 0)
