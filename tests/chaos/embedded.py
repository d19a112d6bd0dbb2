"""Kills an embedded Hubbub again and again while people talk, and checks what is left.

    python -m tests.chaos.embedded --kills 10 --per-second 200 --seed 1

Each kill is `kill -9` at a random moment. Every start after it is a plain start. The seed is
printed; the same seed sends the same people to speak and kills after the same pauses.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.chaos.checker import Verdict, judge
from tests.chaos.scene import MANY_NEWCOMERS, QUIET_S, people, when_all_is_heard
from tests.chaos.talk import Talker, talk
from tests.support.program import Program

SHORTEST_LIFE_S: Final = 0.5
LONGEST_LIFE_S: Final = 4.0
SHOWN: Final = 10
"""Breaches of one kind that are printed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict, and how long each start after a kill took until the program was ready."""

    verdict: Verdict
    recoveries_s: tuple[float, ...]


async def run(
    folder: Path,
    *,
    kills: int,
    per_s: float,
    seed: int,
    quiet_s: float = QUIET_S,
    settings: dict[str, str] | None = None,
) -> Outcome:
    """Talk, kill, start, and so on; then let everybody catch up and judge."""
    chance = random.Random(seed)
    program = Program(folder, settings=MANY_NEWCOMERS | (settings or {}))
    await program.start()
    try:
        async with people(program.url, program.socket_url, per_s) as talkers:
            recoveries = await _kill_while_talking(program, talkers, chance, kills, per_s, seed)
            histories = await when_all_is_heard(talkers, quiet_s=quiet_s)
    finally:
        await program.stop()
    records = {talker.room_id: talker.record for talker in talkers}
    return Outcome(judge(records, histories), tuple(recoveries))


async def _kill_while_talking(
    program: Program,
    talkers: Sequence[Talker],
    chance: random.Random,
    kills: int,
    per_s: float,
    seed: int,
) -> list[float]:
    enough = asyncio.Event()
    recoveries: list[float] = []
    async with asyncio.TaskGroup() as talking:
        talking.create_task(talk(talkers, per_s=per_s, until=enough, seed=seed))
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(SHORTEST_LIFE_S, LONGEST_LIFE_S))
            await program.kill()
            began = time.monotonic()
            await program.start()
            recoveries.append(time.monotonic() - began)
        await asyncio.sleep(SHORTEST_LIFE_S)
        enough.set()
    return recoveries


def report(outcome: Outcome, seed: int) -> str:
    """Return the outcome as a small table."""
    verdict = outcome.verdict
    rows = [
        ("seed", seed),
        ("kills", len(outcome.recoveries_s)),
        ("messages sent", verdict.sent),
        ("acknowledged", verdict.acked),
        ("lost", len(verdict.lost)),
        ("doubled", len(verdict.doubled)),
        ("holes", len(verdict.holes)),
        ("ghosts", len(verdict.ghosts)),
        ("altered", len(verdict.altered)),
        ("slowest start after a kill, s", round(max(outcome.recoveries_s, default=0.0), 2)),
    ]
    return "\n".join(f"{name:32}{value:>10}" for name, value in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--per-second", type=float, default=200.0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hubbub-chaos-") as folder:
        outcome = asyncio.run(
            run(
                Path(folder) / "data",
                kills=chosen.kills,
                per_s=chosen.per_second,
                seed=chosen.seed,
            )
        )
    sys.stdout.write(report(outcome, chosen.seed) + "\n")
    for breach in ("lost", "doubled", "holes", "ghosts", "altered"):
        for one in getattr(outcome.verdict, breach)[:SHOWN]:
            sys.stdout.write(f"{breach}: {one}\n")
    return 0 if outcome.verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
