"""Hubbub in each of its shapes held against the protocol."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.conformance.cast import Cast
from tests.conformance.catalogue import clauses
from tests.conformance.clause import WAYS
from tests.conformance.runner import Outcome, Verdict, run
from tests.conformance.server import Options, Server
from tests.support.fleet import Fleet
from tests.support.program import Program
from tests.support.waiting import until
from tests.system.conformance.settings import FLOW_PER_S, JOINS, SETTINGS, SLACK_S
from tests.system.starting import EMBEDDED, SPLIT

Skips = Mapping[tuple[str, str], str]
"""By number and way: the beginning of why it is skipped."""

HELD_WITHIN_S: Final = 170.0
"""Less than what ends the whole run of tests."""

ANYWHERE: Final[Skips] = {
    ("P20", "socket"): "is about clients",
    ("P34", "socket"): "the life of a token",
    ("P34", "poll"): "the life of a token",
}

SKIPPED: Final[Mapping[str, Skips]] = {
    EMBEDDED: {
        **ANYWHERE,
        ("P21", "socket"): "needs another gateway",
        ("P21", "poll"): "needs another gateway",
    },
    SPLIT: ANYWHERE,
}
"""What cannot be seen of our own server in this time: a token lives a minute at least."""


async def hold(shape: str, folder: Path) -> list[Outcome]:
    """Return every outcome for a shape, which keeps its data in a folder."""
    return await (_hold_embedded(folder) if shape == EMBEDDED else _hold_split(folder))


def skips_of(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], str]:
    return {
        (one.clause.number, one.way): one.why for one in outcomes if one.verdict is Verdict.SKIPPED
    }


async def _hold_embedded(folder: Path) -> list[Outcome]:
    """The one program is told to stop in the end, and started again: does it know what it kept?"""
    async with Program(folder, settings=SETTINGS) as program:
        starting_again = asyncio.create_task(_start_again(program))
        outcomes = await _hold(_options(program.url, program.pid))
        await starting_again
    return outcomes


async def _hold_split(folder: Path) -> list[Outcome]:
    """One of two gateways is told to stop in the end; the other knows what it kept."""
    async with Fleet(folder, settings=SETTINGS) as fleet:
        first, second = [fleet.members()[name]["api"] for name in ("gateway-1", "gateway-2")]
        return await _hold(_options(first, fleet.pid("gateway-1"), also=second))


def _options(url: str, pid: int, *, also: str | None = None) -> Options:
    return Options(
        url,
        also=also,
        pid=pid,
        stop_command=f"kill -TERM {pid}",
        flow_per_s=FLOW_PER_S,
        joins=JOINS,
        slack_s=SLACK_S,
    )


async def _hold(options: Options) -> list[Outcome]:
    async with Cast(await Server.find(options)) as cast:
        return await run(cast, clauses(), WAYS)


async def _start_again(program: Program) -> None:
    await until(lambda: not program.is_running, within_s=HELD_WITHIN_S)
    await program.start()
