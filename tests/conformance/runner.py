"""Runs clauses side by side, the longest first, and notes how each of them ends."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tests.conformance.case import Case
from tests.conformance.cast import Cast
from tests.conformance.clause import POLL, SOCKET, Broken, Clause, Skipped
from tests.conformance.poll_way import PollWay
from tests.conformance.server import Unreachable
from tests.conformance.socket_way import SocketWay
from tests.conformance.ways import Way

AT_ONCE: Final = 8
"""Clauses at one time: few enough that the server's strangers stay below its limit."""

TIDY_S: Final = 10.0


class Verdict(StrEnum):
    OK = "ok"
    FAILED = "FAILED"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the check of one clause over one way ended, why, and how long it took."""

    clause: Clause
    way: str
    verdict: Verdict
    why: str
    took_s: float


async def run(
    cast: Cast, clauses: Sequence[Clause], ways: Sequence[str], *, at_once: int = AT_ONCE
) -> list[Outcome]:
    """Check every clause over each way to which it applies, and return how all of them ended.

    Raises: Unreachable, when there are no people to do it with.
    """
    checks = [(clause, way) for clause in clauses for way in clause.ways if way in ways]
    together = sorted(
        (check for check in checks if not check[0].is_alone),
        key=lambda check: -check[0].within_s,
    )
    bound = asyncio.Semaphore(at_once)
    outcomes = await asyncio.gather(
        *(_when_it_is_free(bound, cast, clause, way) for clause, way in together)
    )
    for clause, way in checks:
        if clause.is_alone:
            outcomes.append(await _check(cast, clause, way))
    return sorted(outcomes, key=lambda outcome: checks.index((outcome.clause, outcome.way)))


async def _when_it_is_free(
    bound: asyncio.Semaphore, cast: Cast, clause: Clause, way: str
) -> Outcome:
    async with bound:
        return await _check(cast, clause, way)


async def _check(cast: Cast, clause: Clause, way: str) -> Outcome:
    if clause.people > cast.size:
        return Outcome(clause, way, Verdict.SKIPPED, f"needs {clause.people} accounts", 0.0)
    async with cast.people(clause.people) as people:
        case = Case(cast.server, _way(way), people)
        began = time.monotonic()
        verdict, why = await _judge(case, clause)
        took_s = time.monotonic() - began
        async with asyncio.timeout(TIDY_S):
            await case.tidy()
    return Outcome(clause, way, verdict, why, took_s)


async def _judge(case: Case, clause: Clause) -> tuple[Verdict, str]:
    within_s = clause.within_s + case.options.slack_s
    try:
        async with asyncio.timeout(within_s):
            await clause.check(case)
    except Skipped as skipped:
        return Verdict.SKIPPED, str(skipped)
    except Unreachable:
        raise
    except Broken as broken:
        return Verdict.FAILED, str(broken)
    except TimeoutError:
        return Verdict.FAILED, f"it was not over within {within_s:g} s"
    except Exception as error:
        # A server that says what nobody foresaw does not end the run of all others.
        return Verdict.FAILED, f"came what cannot be understood: {error!r}"
    return Verdict.OK, ""


def _way(name: str) -> Way:
    ways: dict[str, Way] = {SOCKET: SocketWay(), POLL: PollWay()}
    return ways[name]
