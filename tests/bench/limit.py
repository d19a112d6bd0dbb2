"""How many messages are taken when as many are offered as can be, and where the time goes.

    python -m tests.bench.limit --shape split --rooms 200 --seconds 20

Everybody has two messages on their way at any time: 2000 with 200 rooms of five. What counts are
acknowledged messages, so durable ones, against bare inserts of the same rows into the same Postgres
just before: a ratio says more than a rate, which is the machine's. With `--members 1` nobody else
hears them, and what is left is the way into the log and back. The limits on how fast people may
talk are lifted; all others stay. Times say how long messages wait in such a crowd, and nothing
about a Hubbub that is not overloaded.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.bench import bare
from tests.bench.bare import Limit
from tests.bench.generator import Flood, Generator
from tests.bench.measuring import Measured, entered, measured, say, warmed_up
from tests.bench.report import of_amqp, of_batches, of_cost, of_outcome, table
from tests.bench.shapes import SHAPES, SPLIT, started

IN_FLIGHT: Final = 2
"""Of each person."""

WARM_UP_S: Final = 5.0
BARE_S: Final = 8.0

WITHOUT_LIMITS: Final[Mapping[str, str]] = {
    "GATEWAY_COMMANDS_PER_S": "1000000",
    "GATEWAY_COMMANDS_BURST": "1000000",
    "GATEWAY_SENDS_PER_S": "1000000",
    "GATEWAY_SENDS_BURST": "1000000",
    "MESSAGES_ROOM_SENDS_PER_S": "1000000",
    "MESSAGES_ROOM_SENDS_BURST": "1000000",
}


async def run(shape: str, folder: Path, *, rooms: int, members: int, seconds: float) -> str:
    """Measure, and return the table."""
    async with started(shape, folder, WITHOUT_LIMITS) as running, Generator() as generator:
        await entered(running, generator, rooms=rooms, members=members)
        say(f"Writing bare rows for {BARE_S:g} s")
        limit = await bare.measured(running, rooms=rooms, people=rooms * members, seconds=BARE_S)
        await warmed_up(generator, Flood(IN_FLIGHT, WARM_UP_S))
        found = await measured(running, generator, Flood(IN_FLIGHT, seconds))
    return report(found, limit, rooms=rooms, members=members)


def report(found: Measured, limit: Limit, *, rooms: int, members: int) -> str:
    count = found.acked_in_time
    per_s = count / found.cost.seconds
    return "\n".join(
        [
            table(
                [
                    ("messages on their way", str(rooms * members * IN_FLIGHT)),
                    ("acknowledged per second", f"{per_s:.0f}"),
                    (f"bare inserts of {bare.BATCH}, per second", f"{limit.per_s:.0f}"),
                    ("ratio", f"{per_s / limit.per_s:.3f}"),
                    ("CPU us per bare insert, Postgres", f"{limit.postgres_cpu_us:.0f}"),
                    *of_outcome(found.outcome, members - 1),
                    *of_cost(found.cost, count),
                    *of_amqp(found.amqp, found.outcome.acked),
                    *of_batches(found.batches),
                ]
            ),
            *found.outcome.errors,
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shape", choices=SHAPES, default=SPLIT)
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--members", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=20.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hubbub-bench-") as folder:
        its_table = asyncio.run(
            run(
                chosen.shape,
                Path(folder) / "data",
                rooms=chosen.rooms,
                members=chosen.members,
                seconds=chosen.seconds,
            )
        )
    sys.stdout.write(f"{its_table}\n")


if __name__ == "__main__":
    main()
