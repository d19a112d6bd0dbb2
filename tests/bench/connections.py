"""What it costs that many people are there: to let them in, to hold them, to have them all back.

    python -m tests.bench.connections --shape split --clients 2000

    they come    everybody connects, says who they are and joins a room, one after the other
    they stay    nobody says anything; what more memory is held than before anybody came
    they return  all are cut in the same moment, something is said in each room meanwhile, all come
                 back in the same moment and resume; with --kill the gateways are killed instead

Clients keep to the rules of the protocol, so those who are refused wait and come again. They are in
one process of this machine and take CPU from what is measured.
"""

import argparse
import asyncio
import math
import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.bench.crowd import Seat
from tests.bench.measuring import say
from tests.bench.people import gather
from tests.bench.processes import database_connections
from tests.bench.report import ORDER, Row, table
from tests.bench.shapes import SHAPES, SPLIT, Running, started
from tests.bench.visitors import Visitors, visiting

MEMBERS: Final = 5
WARMING_UP: Final = 100
AT_ONCE: Final = 8
PER_S: Final = 100.0
ALL_IN_S: Final = 120.0
QUIET_S: Final = 8.0
"""After the last has come, until what they left behind in queues and lists is gone."""

LOOK_S: Final = 0.05
KB: Final = 1024


@dataclass(frozen=True, slots=True)
class Came:
    """How long it took until the last was live, and the CPU seconds of each part until then."""

    seconds: float
    cpu_s: Mapping[str, float]
    database_connections: int


async def run(shape: str, folder: Path, *, clients: int, kill: bool) -> str:
    """Measure, and return the table."""
    settings = {"GATEWAY_UNAUTHENTICATED_PER_ADDRESS": str(clients)}
    async with started(shape, folder, settings) as running:
        say(f"Registering {clients} people")
        seats = await gather(
            running.url, running.gateway_ports, rooms=clients // MEMBERS, members=MEMBERS
        )
        say("Some come and go, so that pools and tables are as large as they get")
        async with visiting(seats[:: len(seats) // WARMING_UP]) as few:
            await few.come(within_s=ALL_IN_S)
        await asyncio.sleep(QUIET_S)
        empty = running.parts.memory_bytes()
        async with visiting(seats) as visitors:
            say(f"All come, {PER_S:g} a second")
            first = await come(running, visitors, per_s=PER_S)
            await asyncio.sleep(QUIET_S)
            full = running.parts.memory_bytes()
            refused = visitors.troubles.total()
            say("All are cut, and come again")
            await send_away(running, visitors, kill=kill)
            await speak(running, seats)
            visitors.troubles.clear()
            again = await come(running, visitors, per_s=math.inf)
    return table(
        [
            ("clients, in rooms of five", str(len(seats))),
            *of_coming("came", first, len(seats)),
            ("refused for now, came", str(refused)),
            *of_memory(empty, full, len(seats)),
            *of_coming("back", again, len(seats)),
            ("refused for now, back", str(visitors.troubles.total())),
            ("errors other than 503 and 1013", str(visitors.errors() or "none")),
        ]
    )


async def come(running: Running, visitors: Visitors, *, per_s: float) -> Came:
    """Let everybody in, and return once the last is live."""
    before, began = running.parts.cpu_s(), time.perf_counter()
    highest = asyncio.create_task(highest_database_connections(running))
    await visitors.come(within_s=ALL_IN_S, per_s=per_s)
    seconds = time.perf_counter() - began
    after = running.parts.cpu_s()
    highest.cancel()
    return Came(
        seconds,
        {part: spent - before.get(part, 0.0) for part, spent in after.items()},
        await highest,
    )


async def highest_database_connections(running: Running) -> int:
    """Return how many connections to the database there were at most, when cancelled."""
    highest = 0
    with suppress(asyncio.CancelledError):
        while True:
            highest = max(highest, await asyncio.to_thread(database_connections, running.root))
            await asyncio.sleep(LOOK_S)
    return highest


async def send_away(running: Running, visitors: Visitors, *, kill: bool) -> None:
    """Cut all connections at once, by the network or by the death of the gateways."""
    if kill:
        for name, pid in running.pids.items():
            if name.startswith("gateway"):
                os.kill(pid, signal.SIGKILL)
    visitors.cut()
    if kill:
        await is_well(running)


async def is_well(running: Running) -> None:
    """Return once the program answers again."""
    async with asyncio.timeout(ALL_IN_S), httpx.AsyncClient(trust_env=False) as http:
        while True:
            with suppress(httpx.HTTPError):
                if (await http.get(f"{running.url}/readyz")).is_success:
                    return
            await asyncio.sleep(LOOK_S)


async def speak(running: Running, seats: list[Seat]) -> None:
    """Say something in each room."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(base_url=running.url, trust_env=False, timeout=30) as http:

        async def one(seat: Seat) -> None:
            async with gate:
                answer = await http.post(
                    f"/v1/rooms/{seat.room_id}/messages",
                    json={"content": "Did you hear that?", "client_msg_id": "meanwhile"},
                    headers={"authorization": f"Bearer {seat.token}"},
                )
                answer.raise_for_status()

        await asyncio.gather(*(one(seat) for seat in seats[::MEMBERS]))


def of_coming(what: str, came: Came, clients: int) -> list[Row]:
    parts = sorted(came.cpu_s, key=ORDER.index)
    return [
        (f"{what}: seconds until the last was live", f"{came.seconds:.2f}"),
        *(
            (f"{what}: CPU us each, {part}", f"{came.cpu_s[part] / clients * 1e6:.0f}")
            for part in parts
        ),
        (f"{what}: most database connections", str(came.database_connections)),
    ]


def of_memory(empty: Mapping[str, float], full: Mapping[str, float], clients: int) -> list[Row]:
    grown = {part: size - empty.get(part, 0.0) for part, size in full.items()}
    return [
        *(
            (f"memory KB each, {part}", f"{grown[part] / clients / KB:.1f}")
            for part in sorted(grown, key=ORDER.index)
        ),
        ("memory KB each, all of these", f"{sum(grown.values()) / clients / KB:.1f}"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shape", choices=SHAPES, default=SPLIT)
    parser.add_argument("--clients", type=int, default=2_000)
    parser.add_argument("--kill", action="store_true", help="kill the gateways (shape split only)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hubbub-bench-") as folder:
        its_table = asyncio.run(
            run(chosen.shape, Path(folder) / "data", clients=chosen.clients, kill=chosen.kill)
        )
    sys.stdout.write(f"{its_table}\n")


if __name__ == "__main__":
    main()
