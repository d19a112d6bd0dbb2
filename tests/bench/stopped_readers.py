"""What it costs the others, and a gateway, that some in a large room stop reading.

    python -m tests.bench.stopped_readers --members 1000 --stopped 100

Everybody is in one room and hears everything. First all of them read; then some stop, stay
connected and take nothing, until their gateway gives them up; then they go on. Both talks have the
same pace. In the end each of those who stopped must have every event of the room, once: what is not
replayed to them is told as a gap and read over HTTP, as the protocol says.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.bench import numbers
from tests.bench.generator import Enter, Generator, Pace
from tests.bench.measuring import Measured, measured, say, warmed_up
from tests.bench.people import gather
from tests.bench.report import Row, table
from tests.bench.shapes import SPLIT, Running, started
from tests.bench.visitors import are_whole, visiting

PER_S: Final = 20.0
"""Less than one room may have; each of them goes to everybody."""

SECONDS: Final = 40.0
"""Long enough for the buffers of both ends to fill up, and for a gateway's patience after that."""

WARM_UP_S: Final = 5.0
ALL_IN_S: Final = 60.0
LOOK_S: Final = 1.0
GATEWAY: Final = "gateway"
GIVEN_UP: Final = ("4410", "4411")
"""It took too little, or did not answer a ping behind what it had not taken."""

NARROW_BYTES: Final = 4_096
MB: Final = 1e6


async def run(folder: Path, *, members: int, stopped: int) -> str:
    """Measure, and return the table."""
    settings = {
        "GATEWAY_UNAUTHENTICATED_PER_ADDRESS": str(members),
        "ROOMS_JOINS_PER_MINUTE": str(members),
    }
    async with started(SPLIT, folder, settings) as running, Generator() as generator:
        say(f"Registering {members} people")
        seats = await gather(running.url, running.gateway_ports, rooms=1, members=members)
        readers, others = seats[stopped:], seats[:stopped]
        await generator.do(Enter(readers, len(readers) - 1))
        async with visiting(others, receive_bytes=NARROW_BYTES) as visitors:
            await visitors.come(within_s=ALL_IN_S)
            await warmed_up(generator, Pace(PER_S, WARM_UP_S))
            with_all = await watched(running, generator)
            say(f"{stopped} stop reading")
            visitors.read(may=False)
            before = await given_up(running)
            with_stopped = await watched(running, generator)
            given = await given_up(running) - before
            say("They go on")
            visitors.read(may=True)
            whole = await are_whole(visitors, running.url, within_s=ALL_IN_S)
            troubles = dict(visitors.troubles)
    return table(
        [
            ("members, all in one room", str(members)),
            *of_talk("all read", *with_all),
            *of_talk(f"{stopped} do not", *with_stopped),
            ("p99 of the others, ratio", f"{_ratio(with_stopped[0], with_all[0]):.2f}"),
            ("given up by their gateway", f"{given:.0f} of {stopped}"),
            ("how their connections ended", str(troubles)),
            ("whole after they came back", f"{whole} of {stopped}"),
        ]
    )


async def given_up(running: Running) -> float:
    """Return how many readers the gateways have given up."""
    found = await numbers.fetch(running.insides)
    return sum(found.get((numbers.CLOSED, code), 0.0) for code in GIVEN_UP)


async def watched(running: Running, generator: Generator) -> tuple[Measured, float]:
    """Let people talk; return what came of it, and the most memory of the gateways meanwhile."""
    watching = asyncio.create_task(_most_memory(running))
    found = await measured(running, generator, Pace(PER_S, SECONDS))
    watching.cancel()
    return found, await watching


async def _most_memory(running: Running) -> float:
    most = 0.0
    with suppress(asyncio.CancelledError):
        while True:
            memory = await asyncio.to_thread(running.parts.memory_bytes)
            most = max(most, memory[GATEWAY])
            await asyncio.sleep(LOOK_S)
    return most


def of_talk(when: str, found: Measured, memory_bytes: float) -> list[Row]:
    outcome = found.outcome
    return [
        (f"{when}: sent / frames missed", f"{outcome.sent} / {outcome.missed}"),
        (
            f"{when}: p50 / p99 / longest ms",
            f"{outcome.heard.p50 * 1e3:.1f} / {outcome.heard.p99 * 1e3:.1f}"
            f" / {outcome.heard.longest * 1e3:.0f}",
        ),
        (f"{when}: most memory of gateways, MB", f"{memory_bytes / MB:.0f}"),
    ]


def _ratio(one: Measured, other: Measured) -> float:
    return one.outcome.heard.p99 / other.outcome.heard.p99


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--members", type=int, default=1_000)
    parser.add_argument("--stopped", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hubbub-bench-") as folder:
        its_table = asyncio.run(
            run(Path(folder) / "data", members=chosen.members, stopped=chosen.stopped)
        )
    sys.stdout.write(f"{its_table}\n")


if __name__ == "__main__":
    main()
