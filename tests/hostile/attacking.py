"""A process of attackers: `python -m tests.hostile.attacking NAME PORT`. Prints what they met."""

import asyncio
import json
import resource
import sys
from collections import Counter
from contextlib import suppress
from time import monotonic
from typing import Final

from tests.hostile.attacks import ATTACKS, Attack
from tests.hostile.line import Line, connect

FILES: Final = 10_000
OPEN: Final = "open still"

PAUSE_S: Final = 0.25
"""Between two connections of one attacker: not the machine is measured, but what one costs."""


class Attackers:
    """`ends` counts how connections ended, `lived_s` how long those that were ended lived."""

    def __init__(self, attack: Attack, port: int) -> None:
        self.opened = 0
        self.ends: Counter[str] = Counter()
        self.lived_s: list[float] = []
        self._attack = attack
        self._port = port

    async def run(self) -> None:
        count = range(self._attack.count)
        pause_s = 1 / self._attack.opened_per_s
        workers = [asyncio.create_task(self._work(at * pause_s)) for at in count]
        await asyncio.sleep(self._attack.seconds)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self, after_s: float) -> None:
        until = monotonic() + self._attack.seconds
        await asyncio.sleep(after_s)
        while monotonic() < until:
            try:
                line = await connect(self._port, is_read=self._attack.is_read)
            except OSError:
                self.ends["not accepted"] += 1
                await asyncio.sleep(0.1)
                continue
            self.opened += 1
            try:
                await self._live(line)
            except asyncio.CancelledError:
                self.ends[OPEN] += 1
                raise
            finally:
                await line.close()
            if not self._attack.again:
                return
            await asyncio.sleep(PAUSE_S)

    async def _live(self, line: Line) -> None:
        """Attack until the other side has had enough, whether or not one says something still."""
        saying = asyncio.create_task(self._say(line))
        try:
            if not self._attack.is_read:
                # That it is over shows in that nothing can be said any more.
                await saying
            how = await line.end()
        finally:
            saying.cancel()
        self.ends[how] += 1
        self.lived_s.append(monotonic() - line.began_at)

    async def _say(self, line: Line) -> None:
        with suppress(OSError):
            await self._attack.script(line)


def main() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, FILES), hard), hard))
    attackers = Attackers(ATTACKS[sys.argv[1]], int(sys.argv[2]))
    asyncio.run(attackers.run())
    told = {"opened": attackers.opened, "ends": attackers.ends, "lived_s": attackers.lived_s}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
