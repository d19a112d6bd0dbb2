"""What one question costs whom it is put to: asked again and again, one after the other.

CPU is what the kernel counts of the program and of its Postgres, to a hundredth of a second in all.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import httpx

from tests.bench.processes import POSTGRES, Parts
from tests.bench.shapes import PROGRAM, Running
from tests.bench.tally import share_of

HEAD: Final = (
    "| what | ms: quickest, half, 99 of 100 | CPU ms: program, Postgres | floors |",
    "|---|---|---|---|",
)


TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Often:
    """At least so many times and for so long, after some that do not count."""

    times: int
    seconds: float
    warm_up: int


@dataclass(frozen=True, slots=True)
class Cost:
    """How long each took, in order of length, and the CPU of one."""

    took_s: Sequence[float]
    program_s: float
    database_s: float

    @property
    def cpu_s(self) -> float:
        return self.program_s + self.database_s

    def row(self, what: str, *, floor: "Cost | None" = None) -> str:
        """Return a line of the table; `floor` is the least that a question can cost Postgres."""
        found = (self.took_s[0], share_of(self.took_s, 0.5), share_of(self.took_s, 0.99))
        took = ", ".join(f"{one * 1e3:.1f}" for one in found)
        cpu = f"{self.program_s * 1e3:.2f}, {self.database_s * 1e3:.3f}"
        floors = f"{self.database_s / floor.database_s:.0f}" if floor else ""
        return fact(what, took, cpu, floors)


def fact(what: str, *values: str) -> str:
    """Return a line of the table that says something else."""
    cells = (what, *values, "", "")[:4]
    return f"| {' | '.join(cells)} |"


async def cost_of(ask: Callable[[], Awaitable[object]], parts: Parts, often: Often) -> Cost:
    """Ask so often and return what it cost."""
    for _ in range(often.warm_up):
        await ask()
    took: list[float] = []
    before, began = parts.cpu_s(), time.perf_counter()
    while len(took) < often.times or time.perf_counter() - began < often.seconds:
        asked_at = time.perf_counter()
        await ask()
        took.append(time.perf_counter() - asked_at)
    after = parts.cpu_s()
    program_s, database_s = (
        (after[part] - before[part]) / len(took) for part in (PROGRAM, POSTGRES)
    )
    return Cost(sorted(took), program_s, database_s)


def client(running: Running, token: str) -> httpx.AsyncClient:
    """Return somebody's client, to be closed."""
    return httpx.AsyncClient(
        base_url=running.url,
        headers={"authorization": f"Bearer {token}"},
        timeout=TIMEOUT_S,
        trust_env=False,
    )


async def get(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """Return an answer.  Raises: httpx.HTTPStatusError."""
    return (await client.get(path)).raise_for_status()
