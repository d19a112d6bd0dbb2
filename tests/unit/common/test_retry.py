"""Waits double up to a limit and differ from each other; trying again ends in time."""

import asyncio

import pytest

from libs.common.errors import Conflict, TimedOut, Unavailable
from libs.common.retry import Backoff, retrying
from tests.support.clock import CountedChance, SetClock

SHORTEST = Backoff(first_s=1.0, max_s=10.0, chance=CountedChance())


class Longest(CountedChance):
    def uniform(self, low: float, high: float) -> float:
        assert low == high / 2
        return high


class Work:
    """Fails as told, then returns how often it was tried."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.tries = 0

    async def __call__(self) -> int:
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        return self.tries


def trying(work: Work, clock: SetClock, *, for_s: float) -> asyncio.Task[int]:
    return asyncio.ensure_future(retrying(work, for_s=for_s, delay_s=float, clock=clock))


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff(first_s=1.0, max_s=10.0, chance=Longest())

    assert [backoff.delay_s(failures) for failures in range(1, 7)] == [1, 2, 4, 8, 10, 10]


def test_chance_takes_up_to_a_half_off() -> None:
    assert SHORTEST.delay_s(1) == 0.5


def test_a_thousand_failures_wait_no_longer_than_the_longest() -> None:
    assert SHORTEST.delay_s(10_000) == 5.0


@pytest.mark.parametrize("failure", [Unavailable(), TimedOut()])
async def test_it_is_tried_again_after_the_wait(failure: Exception) -> None:
    clock, work = SetClock(), Work(failure, failure)
    trial = trying(work, clock, for_s=10)

    await clock.advance(0.5)
    assert work.tries == 1
    await clock.advance(0.5)
    assert work.tries == 2
    await clock.advance(2)

    assert await trial == 3


async def test_it_ends_when_the_next_try_would_come_too_late() -> None:
    clock, work = SetClock(), Work(*[Unavailable()] * 9)
    trial = trying(work, clock, for_s=5)

    await clock.advance(3)

    with pytest.raises(Unavailable):
        await trial
    assert work.tries == 3
    assert clock.sleepers == 0


async def test_what_would_fail_again_is_not_tried_again() -> None:
    clock, work = SetClock(), Work(Conflict())

    with pytest.raises(Conflict):
        await trying(work, clock, for_s=5)
    assert work.tries == 1
