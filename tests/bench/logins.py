"""Two hundred people log in at the same moment: how long they wait, and what others notice.

    python -m tests.bench.logins --people 200

One embedded Hubbub; those who log in are one process and those who only ask another. Somebody asks
whether it is alive, which costs nothing and so takes as long as its event loop is late; somebody
who is logged in asks for their account and their rooms. All ask again and again, first while nobody
else does anything and then while everybody logs in. Whoever hears that too many log in at once
comes back as told.

Milliseconds: half of all, 99 of 100, the longest.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from typing import Final

import httpx

from tests.bench.people import PASSWORD
from tests.bench.report import Row, table
from tests.bench.shapes import EMBEDDED, started

QUIET_S: Final = 3.0
PAUSE_S: Final = 0.01
PATHS: Final = ("/healthz", "/v1/me", "/v1/rooms")
TIMEOUT_S: Final = 60.0
AT_ONCE: Final = 8
MANY: Final = {"AUTH_FAILURES_BURST": "100000", "AUTH_HASHES_BURST": "100000"}


async def run(folder: Path, *, people: int) -> list[Row]:
    """Measure over sockets."""
    async with (
        started(EMBEDDED, folder, MANY) as running,
        httpx.AsyncClient(base_url=running.url, timeout=TIMEOUT_S) as somebody,
    ):
        tokens = await _registered(somebody, people)
        somebody.headers["authorization"] = f"Bearer {tokens[0]}"
        quiet = await _asking(somebody, lambda: asyncio.sleep(QUIET_S))
        waits: list[float] = []
        elsewhere = ProcessPoolExecutor(1, mp_context=get_context("spawn"))

        async def all_log_in() -> None:
            loop = asyncio.get_running_loop()
            waits.extend(await loop.run_in_executor(elsewhere, crowd, running.url, people))

        with elsewhere:
            busy = await _asking(somebody, all_log_in)
    return [
        *((f"{path}, nobody logs in", spread(quiet[path])) for path in PATHS),
        *((f"{path}, {people} log in", spread(busy[path])) for path in PATHS),
        ("a log-in", spread(waits)),
        ("log-ins per second", f"{people / max(waits):.0f}"),
    ]


def crowd(url: str, people: int) -> list[float]:
    """Log everybody in at once; return how long each took."""

    async def all_of_them() -> list[float]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, limits=limits) as client:
            return await asyncio.gather(*(_log_in(client, number) for number in range(people)))

    return asyncio.run(all_of_them())


def spread(seconds: list[float]) -> str:
    """Return half, 99 of 100 and the longest, in milliseconds."""
    hundredths = quantiles(seconds, n=100, method="inclusive")
    return f"{hundredths[49] * 1e3:.1f} / {hundredths[98] * 1e3:.1f} / {max(seconds) * 1e3:.1f}"


async def _registered(client: httpx.AsyncClient, people: int) -> list[str]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> str:
        body = {"email": _email(number), "password": PASSWORD, "name": f"P {number}"}
        async with gate:
            answer = await client.post("/v1/auth/register", json=body)
        return str(answer.raise_for_status().json()["access_token"])

    return await asyncio.gather(*(one(number) for number in range(people)))


async def _log_in(client: httpx.AsyncClient, number: int) -> float:
    """Log in; return how long it took, with all that was refused before."""
    started_at = time.perf_counter()
    body = {"email": _email(number), "password": PASSWORD}
    while True:
        answer = await client.post("/v1/auth/login", json=body)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            await asyncio.sleep(answer.json()["retry_after_ms"] / 1e3)
            continue
        answer.raise_for_status()
        return time.perf_counter() - started_at


async def _asking(
    client: httpx.AsyncClient, meanwhile: Callable[[], Awaitable[None]]
) -> dict[str, list[float]]:
    """Return how long requests take, each path asked for alone, while something else goes on."""
    took: dict[str, list[float]] = {path: [] for path in PATHS}

    async def ask(path: str) -> None:
        while True:
            started_at = time.perf_counter()
            (await client.get(path)).raise_for_status()
            took[path].append(time.perf_counter() - started_at)
            await asyncio.sleep(PAUSE_S)

    asking = [asyncio.create_task(ask(path)) for path in PATHS]
    await meanwhile()
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    return took


def _email(number: int) -> str:
    return f"p{number}@example.org"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=200)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory(prefix="hubbub-logins-") as folder:
        rows = asyncio.run(run(Path(folder), people=people))
    print(table(rows))  # noqa: T201 - a bench is read on the terminal


if __name__ == "__main__":
    main()
