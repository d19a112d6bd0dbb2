"""Breaks separate processes, one part after the other, while people talk; checks what is left.

    python -m tests.chaos.split --minutes 10 --per-second 200 --seed 1

The seed is printed; the same seed breaks the same parts after the same pauses. `--faults` chooses
among them by the beginning of their names. Whatever dies is started again by the fleet.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.chaos.checker import Verdict, judge
from tests.chaos.faults import FAULTS
from tests.chaos.scene import MANY_NEWCOMERS, gather_people, when_all_is_heard
from tests.chaos.talk import Talker, talk
from tests.support.fleet import Fleet

QUIET_BEFORE_S: Final = (1.0, 4.0)
RECOVERED_S: Final = 1.0
"""Acknowledgements must have come for so long without a break before the next part is broken."""

GIVE_UP_S: Final = 60.0
BREAK_S: Final = 0.5
"""A pause between two acknowledgements that counts as one; at 200 a second they come every 5 ms."""

BREACHES: Final = ("lost", "doubled", "holes", "ghosts", "altered")
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Blow:
    """One fault, and the longest that anybody waited for an acknowledgement because of it."""

    fault: str
    longest_wait_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    blows: tuple[Blow, ...]


async def run(
    folder: Path, *, minutes: float, per_s: float, seed: int, faults: Sequence[str]
) -> Outcome:
    """Start a fleet, and break its parts by chance until the time is over."""
    chance = random.Random(seed)
    until = time.monotonic() + 60 * minutes

    def by_chance() -> Iterator[str]:
        while time.monotonic() < until:
            yield chance.choice(faults)

    async with Fleet(folder, settings=MANY_NEWCOMERS) as fleet:
        return await endure(fleet, by_chance(), per_s=per_s, chance=chance, called="person")


async def endure(
    fleet: Fleet, faults: Iterable[str], *, per_s: float, chance: random.Random, called: str
) -> Outcome:
    """Break one part after the other while people talk; let everybody catch up, and judge.

    `called` begins the names of the people, so that those of several runs differ.
    """
    talkers = await gather_people(fleet.url, fleet.socket_url, per_s, called=called)
    async with asyncio.TaskGroup() as listening:
        ears = [listening.create_task(talker.listen()) for talker in talkers]
        blows = await _break_while_talking(fleet, talkers, faults, per_s=per_s, chance=chance)
        histories = await when_all_is_heard(talkers)
        for talker in talkers:
            await talker.client.close()
            await talker.api.close()
        await asyncio.wait(ears)
    records = {talker.room_id: talker.record for talker in talkers}
    return Outcome(judge(records, histories), tuple(blows))


async def _break_while_talking(
    fleet: Fleet,
    talkers: Sequence[Talker],
    faults: Iterable[str],
    *,
    per_s: float,
    chance: random.Random,
) -> list[Blow]:
    enough = asyncio.Event()
    blows: list[Blow] = []
    async with asyncio.TaskGroup() as talking:
        seed = chance.randrange(2**32)
        talking.create_task(talk(talkers, per_s=per_s, until=enough, seed=seed))
        for fault in faults:
            await asyncio.sleep(chance.uniform(*QUIET_BEFORE_S))
            _show(f"{fault:28}")
            blows.append(await _blow(fleet, talkers, fault, chance))
            _show(f"{blows[-1].longest_wait_s:6.1f} s\n")
        enough.set()
    return blows


async def _blow(fleet: Fleet, talkers: Sequence[Talker], fault: str, chance: random.Random) -> Blow:
    began = time.monotonic()
    await FAULTS[fault](fleet, chance)
    async with asyncio.timeout(GIVE_UP_S):
        # Acknowledgements come at many clients, not at one place that could tell.
        while not _has_flown(talkers, max(began, time.monotonic() - RECOVERED_S)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return Blow(fault, max((wait for at, wait in _waits(talkers) if at >= began), default=0.0))


def _waits(talkers: Sequence[Talker]) -> list[tuple[float, float]]:
    records = {talker.room_id: talker.record for talker in talkers}
    return [wait for record in records.values() for wait in record.waits]


def _has_flown(talkers: Sequence[Talker], since: float) -> bool:
    """Tell whether for a while every acknowledgement has come soon, and without a break."""
    now = time.monotonic()
    recent = sorted((at, wait) for at, wait in _waits(talkers) if at >= since)
    breaks = pairwise([since, *(at for at, _ in recent), now])
    return (
        now - since >= RECOVERED_S
        and all(later - one < BREAK_S for one, later in breaks)
        and all(wait < BREAK_S for _, wait in recent)
    )


def _show(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def report(outcome: Outcome, seed: int) -> str:
    """Return the outcome as a small table."""
    verdict = outcome.verdict
    rows = [
        ("seed", seed),
        ("faults", len(outcome.blows)),
        ("messages sent", verdict.sent),
        ("acknowledged", verdict.acked),
        *((name, len(getattr(verdict, name))) for name in BREACHES),
        ("longest wait, s", round(max((b.longest_wait_s for b in outcome.blows), default=0.0), 1)),
    ]
    return "\n".join(f"{name:32}{value:>10}" for name, value in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--per-second", type=float, default=200.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", nargs="*", default=[""], help="beginnings of their names")
    chosen = parser.parse_args(arguments)
    faults = [name for name in FAULTS if name.startswith(tuple(chosen.faults))]
    with tempfile.TemporaryDirectory(prefix="hubbub-chaos-") as folder:
        outcome = asyncio.run(
            run(
                Path(folder) / "data",
                minutes=chosen.minutes,
                per_s=chosen.per_second,
                seed=chosen.seed,
                faults=faults,
            )
        )
    sys.stdout.write(report(outcome, chosen.seed) + "\n")
    for breach in BREACHES:
        for one in getattr(outcome.verdict, breach)[:SHOWN]:
            sys.stdout.write(f"{breach}: {one}\n")
    return 0 if outcome.verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
