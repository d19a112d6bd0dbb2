"""Kills services at every named point, one by one, with every kind of command in their hands.

    python -m tests.chaos.crashes.run
    python -m tests.chaos.crashes.run --points "rooms:" "messages: told"

`--points` chooses among them by the beginning of their names.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hubbub_client.frames import Refused
from tests.chaos.crashes.armed import Armed
from tests.chaos.crashes.cases import Case, all_cases
from tests.chaos.crashes.person import Person
from tests.chaos.crashes.scene import Scene
from tests.chaos.scene import MANY_NEWCOMERS
from tests.support.fleet import Fleet

NAMES: Final = ("alice", "bob", "charlie")

HIT_S: Final = 20.0
"""How long it may take until the last of a case's points is hit, after everybody has heard all."""

LOOK_S: Final = 0.05

SOON: Final = {
    "PRIVACY_ERASURE_SETTLE_S": "0.5",
    "PRIVACY_MAX_RETRY_S": "1",
    "ROOMS_DELETE_GRACE_S": "0",
    "ROOMS_PURGE_EVERY_S": "0.5",
    "MESSAGES_PURGE_INTERVAL_S": "0.5",
}
"""Settings that let an erasure, and what follows a deletion, go on soon after a service has died,
however often it does.
"""


@dataclass(slots=True)
class Town:
    """A fleet whose processes know the points, and the people who live through it."""

    armed: Armed
    alice: Person
    bob: Person
    charlie: Person
    _hits: int = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path) -> AsyncIterator["Town"]:
        """Start everything on an empty folder, and stop it in the end."""
        armed = Armed(folder / "armed")
        settings = MANY_NEWCOMERS | SOON | armed.settings()
        async with Fleet(folder / "data", settings=settings) as fleet:
            alice, bob, charlie = [
                await Person.register(fleet.url, fleet.socket_url, name) for name in NAMES
            ]
            try:
                yield cls(armed, alice, bob, charlie)
            finally:
                for person in (alice, bob, charlie):
                    await person.close()

    async def hit(self, case: Case) -> list[str]:
        """Let a process die at a point, and return which promises were broken."""
        self._hits += 1
        scene = Scene(f"case-{self._hits}", self.alice, self.bob, self.charlie)
        try:
            await scene.begin()
            at_once = await self._die(case, scene)
            if not scene.is_gone:
                await scene.say("last")
                await scene.all_heard()
            return [*at_once, *await scene.breaches()]
        finally:
            self.armed.disarm()
            for person in (self.alice, self.bob, self.charlie):
                await person.disconnect()
            if scene.charlie is not self.charlie:
                await scene.charlie.close()

    async def _die(self, case: Case, scene: Scene) -> list[str]:
        """Do it while the points are armed; return who heard it too late and which were missed."""
        if case.act.prepare is not None:
            await case.act.prepare(scene)
            await scene.all_heard()
        for point, kind in case.hits:
            self.armed.arm(point, kind)
        await case.act.do(scene)
        late = [] if await scene.all_heard() else ["late: somebody has not heard of it by itself"]
        return [*late, *await self._missed(case)]

    async def _missed(self, case: Case) -> list[str]:
        """Return the points at which nobody died, though everybody was given the time."""
        give_up_at = time.monotonic() + HIT_S
        while True:
            missed = [f"never hit: {hit}" for hit in case.hits if not self.armed.was_hit(*hit)]
            if not missed or time.monotonic() >= give_up_at:
                return missed
            await asyncio.sleep(LOOK_S)


async def run(folder: Path, cases: Iterable[Case]) -> int:
    """Hit all these, tell of each, and return how many broke a promise."""
    broken = 0
    async with Town.open(folder) as town:
        for case in cases:
            began = time.monotonic()
            try:
                breaches = await town.hit(case)
            except (AssertionError, Refused, TimeoutError) as reason:
                breaches = [f"never settled: {reason!r}"]
            broken += bool(breaches)
            _show(f"{case!s:64}{time.monotonic() - began:6.1f} s", *breaches)
    return broken


def _show(*lines: str) -> None:
    sys.stdout.write("\n    ".join(lines) + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--points", nargs="*", default=[""], help="beginnings of their names")
    chosen = parser.parse_args(arguments)
    cases = [case for case in all_cases() if case.point.startswith(tuple(chosen.points))]
    with tempfile.TemporaryDirectory(prefix="hubbub-crashes-") as folder:
        broken = asyncio.run(run(Path(folder), cases))
    _show(f"{len(cases)} crashes, {broken} of them broke a promise")
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
