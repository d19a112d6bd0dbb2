"""CPU time and memory of each part of a running Hubbub, as the kernel counts them."""

import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.processes import descendants

TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
KB: Final = 1024

POSTGRES: Final = "Postgres"
BROKER: Final = "broker"

NAMED: Final = {
    "postgres": POSTGRES,
    "beam.smp": BROKER,
    "erl_child_setup": BROKER,
    "inet_gethost": BROKER,
    "epmd": BROKER,
}
"""What is known by the name of its program; everything else by its process id."""

COMMAND: Final = 0
TIMES: Final = slice(12, 16)
"""Fields of a process: user and system time, its own and of children that have ended."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which process is which part, at and below `root`. `rest` are those without a name."""

    root: int
    by_pid: Mapping[int, str]
    rest: str

    def cpu_s(self) -> dict[str, float]:
        """Return the CPU seconds of each part so far, with those of processes that have ended."""
        return self._sums(cpu_s)

    def memory_bytes(self) -> dict[str, float]:
        """Return the memory of each part now; what is shared counts in shares."""
        return self._sums(_memory_bytes)

    def _sums(self, measure: Callable[[int], float]) -> dict[str, float]:
        sums: dict[str, float] = defaultdict(float)
        for pid in {self.root, *descendants(self.root)}:
            if fields := _fields(pid):
                part = self.by_pid.get(pid) or NAMED.get(fields[COMMAND], self.rest)
                sums[part] += measure(pid)
        return dict(sums)


def database_connections(root: int) -> int:
    """Return how many clients the Postgres below a process serves now."""
    return sum(_is_database_client(pid) for pid in descendants(root))


def _is_database_client(pid: int) -> bool:
    """Tell by its title: `postgres: role database [local] idle`, or with an address."""
    try:
        title = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return title.startswith(b"postgres: ") and (b"[local]" in title or b"127.0.0.1(" in title)


def _fields(pid: int) -> list[str]:
    """Return a process's command and the fields after it; none when it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    # A command may hold anything, brackets and spaces too.
    command, _, others = text.partition("(")[2].rpartition(") ")
    return [command, *others.split()]


def cpu_s(pid: int) -> float:
    """Return the CPU seconds of one process so far."""
    return sum(map(int, _fields(pid)[TIMES])) / TICKS_PER_S


def _memory_bytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KB for line in lines if line.startswith("Pss:")), 0)
