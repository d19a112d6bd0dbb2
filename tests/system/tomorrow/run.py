"""Brings tomorrow's release in while people talk, one process after the other, and once back.

    python -m tests.system.tomorrow.run

What an operator does is done with the operator's own commands; see "A new version" in
docs/operations.md.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.chaos.checker import Verdict, judge
from tests.chaos.scene import MANY_NEWCOMERS, say_last_words, when_all_is_heard
from tests.chaos.talk import Talker, talk
from tests.support.fleet import Fleet
from tests.system.tomorrow.acts import (
    lines_in,
    migrated,
    refused,
    settled,
    somebody_joins,
    somebody_repeats,
)
from tests.system.tomorrow.release import CONTRACT, EXPAND, make_release
from tests.system.tomorrow.rollout import FIRST, SECOND, Rollout

PER_S: Final = 30.0
ASK_S: Final = 2.0

MISREAD: Final = ("internal_answer_invalid", '"status": 422', "unreadable", "command_buried")

TOO_NEW: Final = f"_{EXPAND}: run python -m services migrate --expand"
TOO_OLD: Final = f"_{CONTRACT}, which took away what this release needs"
TOO_EARLY: Final = "A process of messages is running that needs"


@dataclass(frozen=True, slots=True)
class Step:
    """One step, how long it took, and the longest that anybody waited meanwhile."""

    name: str
    took_s: float
    longest_wait_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was left, and the lines of logs that tell of something that was not understood."""

    verdict: Verdict
    steps: tuple[Step, ...]
    misread: tuple[str, ...]


async def roll_out(rollout: Rollout, talkers: Sequence[Talker]) -> list[Step]:
    """Take step after step; each holds before the next one is taken."""
    steps: list[Step] = []

    @contextmanager
    def step(name: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        waits = [wait for one in talkers for at, wait in one.record.waits if at >= began]
        steps.append(Step(name, time.monotonic() - began, max(waits, default=0.0)))

    with step("new code before its column"):
        await refused(rollout, is_new=True, because=TOO_NEW)
    with step("expand"):
        await migrated(rollout, "--expand", says=CONTRACT)
        await rollout.is_there(FIRST)
    with step("old and new messages write"):
        await rollout.both_write()
    with step("rooms and gateway-1 are new"):
        await rollout.replaced("rooms", "gateway-1", is_new=True)
    with step("people join"):
        await somebody_joins(rollout.fleet.url, talkers)
    with step("one says it again elsewhere"):
        await somebody_repeats(rollout.fleet, talkers[0])
    with step("messages-1 is old again"):
        await rollout.replaced(FIRST, is_new=False)
        await rollout.both_write()
    with step("messages-1 is new again"):
        await rollout.replaced(FIRST, is_new=True)
        await rollout.both_write()
    with step("contract too early"):
        await migrated(rollout, "--contract", says=TOO_EARLY, status=1)
    with step("messages-2, gateway-2 are new"):
        await rollout.replaced(SECOND, "gateway-2", is_new=True)
        await rollout.both_write()
    with step("contract"):
        await migrated(rollout, "--contract", says=CONTRACT)
        await rollout.both_write()
    with step("old code after the contract"):
        await refused(rollout, is_new=False, because=TOO_OLD)
    return steps


async def run(folder: Path) -> Outcome:
    """Make the release, start a fleet, roll out while people talk, and judge."""
    orders, tomorrow = folder / "orders", make_release(folder / "tomorrow")
    orders.mkdir()
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.getenv("PYTHONPATH")])])
    settings = MANY_NEWCOMERS | {"PYTHONPATH": path, "HUBBUB_TREES": str(orders)}
    async with (
        httpx.AsyncClient(trust_env=False, timeout=ASK_S) as http,
        Fleet(folder / "data", settings=settings) as fleet,
    ):
        talkers = await settled(fleet)
        async with asyncio.TaskGroup() as listening:
            for talker in talkers:
                listening.create_task(talker.listen())
            steps = await _while_talking(Rollout(fleet, orders, tomorrow, http), talkers)
            await say_last_words(talkers)
            histories = await when_all_is_heard(talkers)
            logs = [Path(member["log"]) for member in fleet.members().values()]
            misread = [line for log in logs for word in MISREAD for line in lines_in(log, word)]
            for talker in talkers:
                await talker.client.close()
                await talker.api.close()
    records = {talker.room_id: talker.record for talker in talkers}
    return Outcome(judge(records, histories), tuple(steps), tuple(misread))


async def _while_talking(rollout: Rollout, talkers: Sequence[Talker]) -> list[Step]:
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as talking:
        talking.create_task(talk(talkers, per_s=PER_S, until=enough, seed=1))
        steps = await roll_out(rollout, talkers)
        enough.set()
    return steps


def report(outcome: Outcome) -> str:
    """Return the outcome as a small table."""
    lines = [f"{'step':32}{'took, s':>10}{'longest wait, s':>18}"]
    lines += [f"{one.name:32}{one.took_s:10.1f}{one.longest_wait_s:18.2f}" for one in outcome.steps]
    verdict = outcome.verdict
    lines += [
        f"{name:32}{count:10}"
        for name, count in {
            "acknowledged": verdict.acked,
            "lost": len(verdict.lost),
            "doubled": len(verdict.doubled),
            "holes": len(verdict.holes),
            "misread": len(outcome.misread),
        }.items()
    ]
    return "\n".join(lines)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="hubbub-rollout-") as folder:
        outcome = asyncio.run(run(Path(folder)))
    sys.stdout.write(f"{report(outcome)}\n")
    return 0 if outcome.verdict.is_clean and not outcome.misread else 1


if __name__ == "__main__":
    sys.exit(main())
