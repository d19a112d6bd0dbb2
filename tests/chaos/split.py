"""Breaks separate processes, one part after the other, while people talk; checks what is left.

    python -m tests.chaos.split --minutes 10 --per-second 200 --seed 1

The seed is printed; the same seed breaks the same parts after the same pauses. `--faults` chooses
among them by the beginning of their names, `--long` adds those that last 45 s. Whatever dies is
started again by the fleet.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Final

from libs.common import logs
from libs.common.clock import SystemClock
from tests.chaos.checker import RoomRecord, Verdict, judge
from tests.chaos.faults import FAULTS, LONG_FAULTS
from tests.chaos.scene import all_ready, fleet_on, people, say_last_words, when_all_is_heard
from tests.chaos.talk import Talker, talk
from tests.chaos.unruly.order import restore
from tests.support.fleet import Fleet
from tests.support.waiting import until

QUIET_BEFORE_S: Final = (1.0, 4.0)
RECOVERED_S: Final = 1.0
"""Acknowledgements must have come for so long without a break before the next part is broken."""

GIVE_UP_S: Final = 90.0
"""What has piled up in the longest fault takes half a minute to be sent."""

BREAK_S: Final = 0.5
"""A pause between two acknowledgements that counts as one; at 200 a second they come every 5 ms."""

ALL_FAULTS: Final = {**FAULTS, **LONG_FAULTS}

BREACHES: Final = ("lost", "doubled", "holes", "ghosts", "altered")
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Blow:
    """One fault, and the longest that anybody waited for an acknowledgement because of it."""

    fault: str
    longest_wait_s: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was left, and how long the last words took to reach everybody."""

    verdict: Verdict
    blows: tuple[Blow, ...]
    heard_s: float


async def run(
    folder: Path, *, minutes: float, per_s: float, seed: int, faults: Sequence[str]
) -> Outcome:
    """Start a fleet, and break its parts by chance until the time is over."""
    chance = random.Random(seed)
    until = time.monotonic() + 60 * minutes

    def by_chance() -> Iterator[str]:
        while time.monotonic() < until:
            yield chance.choice(faults)

    async with fleet_on(folder) as fleet:
        return await endure(fleet, by_chance(), per_s=per_s, chance=chance, called="person")


async def endure(
    fleet: Fleet, faults: Iterable[str], *, per_s: float, chance: random.Random, called: str
) -> Outcome:
    """Break one part after the other while people talk; let everybody catch up, and judge.

    `called` begins the names of the people, so that those of several runs differ.
    """
    async with people(fleet.url, fleet.socket_url, per_s, called=called) as talkers:
        try:
            blows = await _break_while_talking(fleet, talkers, faults, per_s=per_s, chance=chance)
            await say_last_words(talkers)
            began = time.monotonic()
            histories = await when_all_is_heard(talkers)
            heard_s = time.monotonic() - began
        finally:
            restore(fleet.folder)
    records = {talker.room_id: talker.record for talker in talkers}
    return Outcome(judge(records, histories), tuple(blows), heard_s)


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
        # Who died comes back while people talk, and takes its share of the work again.
        await all_ready(fleet)
        await asyncio.sleep(RECOVERED_S)
        enough.set()
    return blows


async def _blow(fleet: Fleet, talkers: Sequence[Talker], fault: str, chance: random.Random) -> Blow:
    began = time.monotonic()
    await ALL_FAULTS[fault](fleet, chance)
    records = _records(talkers)
    # Whoever stood still may hold some that others do not wait for.
    held = [(record, one) for record in records for one in record.sent - record.acked.keys()]

    def is_well() -> bool:
        recently = max(began, time.monotonic() - RECOVERED_S)
        return all(one in record.acked for record, one in held) and _has_flown(records, recently)

    await until(is_well, within_s=GIVE_UP_S)
    return Blow(fault, max((wait for _, wait in _waits(records, began)), default=0.0))


def _records(talkers: Sequence[Talker]) -> list[RoomRecord]:
    """Return each room's record once."""
    return list({talker.room_id: talker.record for talker in talkers}.values())


def _waits(records: Sequence[RoomRecord], since: float) -> Iterator[tuple[float, float]]:
    """Yield what was waited for since then, and no more is looked at: there may be much of it."""
    for record in records:
        yield from takewhile(lambda wait: wait[0] >= since, reversed(record.waits))


def _has_flown(records: Sequence[RoomRecord], since: float) -> bool:
    """Tell whether for a while every acknowledgement has come soon, and without a break."""
    now = time.monotonic()
    recent = sorted(_waits(records, since))
    breaks = pairwise([since, *(at for at, _ in recent), now])
    return (
        now - since >= RECOVERED_S
        and all(later - one < BREAK_S for one, later in breaks)
        and all(wait < BREAK_S for _, wait in recent)
    )


def _show(text: str) -> None:
    """Tell how far it is; what is left in the end goes where it can be kept."""
    sys.stderr.write(text)
    sys.stderr.flush()


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


def log_failures_only() -> None:
    """Keep what the bus tells of itself apart from what is printed here."""
    quiet = logs.LogSettings(log_level="error")
    logs.configure(quiet, SystemClock(), instance="chaos", stream=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--per-second", type=float, default=200.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long", action="store_true", help="standstills of 45 s too")
    parser.add_argument("--faults", nargs="*", default=[""], help="beginnings of their names")
    chosen = parser.parse_args(arguments)
    known = ALL_FAULTS if chosen.long else FAULTS
    faults = [name for name in known if name.startswith(tuple(chosen.faults))]
    log_failures_only()
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
