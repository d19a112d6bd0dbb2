"""`make hostile`: people talk through the one program, one kind of attack after the other goes on
beside them, and a table says what both sides met.

Attackers are a process of their own, from an address of their own. Memory is that of the program
without Postgres.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Final

from tests.bench.processes import TICKS_PER_S
from tests.hostile.attacks import ATTACKS
from tests.hostile.bystanders import Bystanders, Notice, part_ms
from tests.support.child import ROOT
from tests.support.program import Program

BEFORE_S: Final = 6.0
AFTER_S: Final = 3.0
LOOK_S: Final = 0.2
GRACE_S: Final = 30.0

SETTINGS: Final = {
    "AUTH_REGISTRATIONS_BURST": "1000",
    "GATEWAY_ROOM_SENDS_BURST": "1000",
    "GATEWAY_ROOM_SENDS_PER_S": "1000",
    "LOG_LEVEL": "warning",
    "MESSAGES_ROOM_SENDS_BURST": "1000",
    "MESSAGES_ROOM_SENDS_PER_S": "1000",
}
"""All that protects is as it is by default."""

HEAD: Final = (
    "| attack | connections | what they got | memory, MB: before, most, after | CPU | "
    "messages, ms, median: before, during | p99 | API, p99 | newcomers let in | "
    "cut after, s: half, last |\n"
    "|---|---|---|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one attack."""

    name: str
    met: dict[str, Any]
    memory: tuple[int, int, int]
    busy: tuple[float, float]
    before: Notice
    during: Notice

    def __str__(self) -> str:
        ends = sorted(self.met["ends"].items(), key=lambda end: -end[1])
        lived = self.met["lived_s"]
        cells = (
            self.name,
            self.met["opened"],
            ", ".join(f"{how} ({count})" for how, count in ends),
            ", ".join(map(str, self.memory)),
            " to ".join(f"{share:.0%}" for share in self.busy),
            _compared(self.before.heard_s, self.during.heard_s, 0.5),
            _compared(self.before.heard_s, self.during.heard_s, 0.99),
            _compared(self.before.read_s, self.during.read_s, 0.99),
            f"{self.during.came - self.during.refused} of {self.during.came}",
            f"{median(lived):.1f}, {max(lived):.1f}" if lived else "",
        )
        return "| " + " | ".join(map(str, cells)) + " |\n"


def _compared(before_s: list[float], during_s: list[float], part: float) -> str:
    before, during = part_ms(before_s, part), part_ms(during_s, part)
    return f"{before:.0f}, {during:.0f} ({during / (before or 1):.1f}x)"


class Watch:
    """How much of one processor a process takes."""

    def __init__(self, pid: int) -> None:
        self._stat = Path(f"/proc/{pid}/stat")
        self._cpu_s, self._at = self._taken_s(), monotonic()

    def share(self) -> float:
        """Return the share since this was asked last."""
        before, at = self._cpu_s, self._at
        self._cpu_s, self._at = self._taken_s(), monotonic()
        return (self._cpu_s - before) / (self._at - at)

    def _taken_s(self) -> float:
        user, system = self._stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS_PER_S


async def attack(name: str, program: Program, people: Bystanders) -> Line:
    """Return what people noticed without and with it."""
    people.notice = before = Notice()
    watch = Watch(program.pid)
    await asyncio.sleep(BEFORE_S)
    calm = watch.share()
    people.notice = during = Notice()
    first = memory_mb(program.pid)
    most, attacking = first, asyncio.create_task(attackers(name, program.port))
    while not attacking.done():
        await asyncio.sleep(LOOK_S)
        most = max(most, memory_mb(program.pid))
    busy = calm, watch.share()
    people.notice = Notice()
    await asyncio.sleep(AFTER_S)
    memory = first, most, memory_mb(program.pid)
    return Line(name, attacking.result(), memory, busy, before, during)


async def attackers(name: str, port: int) -> dict[str, Any]:
    """Run one attack and return what the attackers met."""
    # They come from elsewhere in earnest, so here they get what processor time is left.
    command = ("nice", "-n", "10", sys.executable, "-m", "tests.hostile.attacking", name, str(port))
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(ATTACKS[name].seconds + GRACE_S):
        told, _ = await process.communicate()
    return dict(json.loads(told))


def memory_mb(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * 4_096 // 1_000_000


async def run(names: Sequence[str]) -> None:
    sys.stdout.write(HEAD)
    with TemporaryDirectory(prefix="hubbub-hostile-") as folder:
        program = Program(Path(folder) / "data", settings=SETTINGS)
        async with program, Bystanders(program) as people:
            for name in names:
                sys.stdout.write(str(await attack(name, program, people)))
                sys.stdout.flush()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--only", default="", help="a word of the attacks' names")
    only = asked.parse_args().only
    asyncio.run(run([name for name in ATTACKS if only in name]))


if __name__ == "__main__":
    main()
