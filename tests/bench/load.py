"""How long from one person's message to another's screen at an even pace, and what it costs.

    python -m tests.bench.load --shape split --per-second 2000 --rooms 200 --seconds 20

Starts a Hubbub, lets people meet in small rooms over real sockets, and has them talk. Times run
from when a message was due (see `tally`). The load is made by one process of this machine: it takes
CPU from what it measures, and its own is shown beside theirs.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.generator import Generator, Pace
from tests.bench.measuring import Cost, Measured, entered, measured, warmed_up
from tests.bench.report import of_amqp, of_batches, of_cost, of_lateness, of_outcome, table
from tests.bench.shapes import SHAPES, SPLIT, started

QUIET_S: Final = 5.0
WARM_UP_S: Final = 3.0


async def run(
    shape: str, folder: Path, *, rooms: int, members: int, per_s: float, seconds: float
) -> str:
    """Measure, and return the table."""
    async with started(shape, folder, {}) as running, Generator() as generator:
        await entered(running, generator, rooms=rooms, members=members)
        quiet = await measured(running, generator, Pace(0.0, QUIET_S))
        await warmed_up(generator, Pace(per_s, WARM_UP_S))
        found = await measured(running, generator, Pace(per_s, seconds))
    return report(found, quiet.cost, members)


def report(found: Measured, quiet: Cost, members: int) -> str:
    outcome = found.outcome
    return "\n".join(
        [
            table(
                [
                    ("sent per second", f"{outcome.sent / found.cost.seconds:.0f}"),
                    *of_outcome(outcome, members - 1),
                    *of_lateness(outcome),
                    *of_cost(found.cost, outcome.sent),
                    ("cores in use while nobody talks", f"{quiet.cores:.2f}"),
                    *of_amqp(found.amqp, outcome.sent),
                    *of_batches(found.batches),
                ]
            ),
            *outcome.errors,
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shape", choices=SHAPES, default=SPLIT)
    parser.add_argument("--per-second", type=float, default=1000.0)
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
                per_s=chosen.per_second,
                seconds=chosen.seconds,
            )
        )
    sys.stdout.write(f"{its_table}\n")


if __name__ == "__main__":
    main()
