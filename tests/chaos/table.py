"""Every fault with several seeds, each alone while people talk: what was left, as a table.

    python -m tests.chaos.table --seeds 5 --faults kill "suspend postgres"

`--faults` chooses by the beginning of the names; `--long` adds those that take a minute each. Each
run has people and rooms of its own and a fleet of which every process is ready, the same fleet for
as long as it comes back from everything. A row is printed when its last run is done. The status is
1 if anything was lost, doubled, missed, invented or altered, or did not come back.
"""

import argparse
import asyncio
import random
import re
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from tests.chaos.faults import FAULTS, LONG_FAULTS
from tests.chaos.scene import all_ready, fleet_on
from tests.chaos.split import BREACHES, SHOWN, Outcome, endure, log_failures_only
from tests.support.fleet import Fleet

RUN_S: Final = 300.0
"""More than the longest fault, all that is sent after it, and a minute to hear everything."""


COLUMNS: Final = (
    *("fault", "runs", "stuck", "sent", "acknowledged", *BREACHES),
    *("longest wait: median, s", "worst, s", "last words heard: median, s", "worst, s"),
)


@dataclass(slots=True)
class Row:
    """All runs of one fault. `stuck`: of those that did not come back, what each ended with."""

    fault: str
    outcomes: list[Outcome] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.stuck and all(outcome.verdict.is_clean for outcome in self.outcomes)

    def cells(self) -> list[str]:
        verdicts = [outcome.verdict for outcome in self.outcomes]
        waits = [blow.longest_wait_s for outcome in self.outcomes for blow in outcome.blows]
        heard = [outcome.heard_s for outcome in self.outcomes]
        counts = [
            len(self.outcomes) + len(self.stuck),
            len(self.stuck),
            sum(verdict.sent for verdict in verdicts),
            sum(verdict.acked for verdict in verdicts),
            *(sum(len(getattr(verdict, name)) for verdict in verdicts) for name in BREACHES),
        ]
        return [self.fault, *map(str, counts), *_spread(waits), *_spread(heard)]

    def breaches(self) -> list[str]:
        """Return some of what was found, a line each."""
        found = [
            f"{name}: {one}"
            for outcome in self.outcomes
            for name in BREACHES
            for one in getattr(outcome.verdict, name)
        ]
        return [*(f"stuck: {how}" for how in self.stuck), *found[:SHOWN]]


class Fleets:
    """One fleet at a time, for as long as it comes back."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._running = AsyncExitStack()
        self._fleet: Fleet | None = None

    async def whole(self) -> Fleet:
        """Return a fleet of which every process is ready."""
        if self._fleet is not None:
            with suppress(TimeoutError):
                await all_ready(self._fleet)
                return self._fleet
            await self.discard()
        self._count += 1
        fleet = await self._running.enter_async_context(fleet_on(self._folder / str(self._count)))
        self._fleet = fleet
        return fleet

    async def discard(self) -> None:
        """End the fleet: the next one starts on an empty folder."""
        self._fleet = None
        await self._running.aclose()


async def fill_in(
    faults: Sequence[str], folder: Path, *, seeds: int, per_s: float, show: Callable[[Row], None]
) -> bool:
    """Break what the faults say, each with every seed; return whether all is clean."""
    fleets = Fleets(folder)
    rows = [Row(fault) for fault in faults]
    try:
        for row in rows:
            for seed in range(1, seeds + 1):
                await _run(row, fleets, seed, per_s)
            show(row)
    finally:
        await fleets.discard()
    return all(row.is_clean for row in rows)


async def _run(row: Row, fleets: Fleets, seed: int, per_s: float) -> None:
    fleet = await fleets.whole()
    chance = random.Random(f"{row.fault} {seed}")
    called = "-".join([*re.findall("[a-z0-9]+", row.fault), str(seed)])
    try:
        async with asyncio.timeout(RUN_S):
            outcome = await endure(fleet, [row.fault], per_s=per_s, chance=chance, called=called)
    except Exception as error:
        # Whatever it is: the others have to be tried too.
        row.stuck.append(f"seed {seed}: {''.join(traceback.format_exception(error))}")
        await fleets.discard()
    else:
        row.outcomes.append(outcome)


def _spread(seconds: Sequence[float]) -> list[str]:
    return [f"{median(seconds):.1f}", f"{max(seconds):.1f}"] if seconds else ["", ""]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def show(row: Row) -> None:
    """Print the row, and beside the table what is wrong."""
    sys.stdout.write(_line(row.cells()))
    sys.stdout.flush()
    for breach in row.breaches():
        sys.stderr.write(f"{row.fault}: {breach}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--per-second", type=float, default=40.0)
    parser.add_argument("--faults", nargs="*", default=[""], help="beginnings of their names")
    parser.add_argument("--long", action="store_true", help="those of a minute too")
    chosen = parser.parse_args(arguments)
    known = [*FAULTS, *(LONG_FAULTS if chosen.long else ())]
    faults = [name for name in known if name.startswith(tuple(chosen.faults))]
    log_failures_only()
    sys.stdout.write(_line(COLUMNS) + _line(["---", *["--:"] * (len(COLUMNS) - 1)]))
    with tempfile.TemporaryDirectory(prefix="hubbub-faults-") as folder:
        is_clean = asyncio.run(
            fill_in(faults, Path(folder), seeds=chosen.seeds, per_s=chosen.per_second, show=show)
        )
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
