"""The clock of the story leaps ahead, ticks on, and never goes back."""

import asyncio

from services.demo.clock import StoryClock
from tests.support.clock import TEN_O_CLOCK, SetClock

LONG_AGO = TEN_O_CLOCK - 1_000_000


async def test_it_begins_where_the_story_does_and_ticks_on() -> None:
    real = SetClock()
    clock = StoryClock(real, begins_at=LONG_AGO)

    await real.advance(3.0)

    assert clock.now() == LONG_AGO + 3.0


async def test_a_leap_moves_both_of_its_times() -> None:
    clock = StoryClock(SetClock(), begins_at=LONG_AGO)
    before = clock.monotonic()

    clock.go_to(LONG_AGO + 3_600)

    assert clock.now() == LONG_AGO + 3_600
    assert clock.monotonic() - before == 3_600


async def test_it_never_goes_back() -> None:
    clock = StoryClock(SetClock(), begins_at=LONG_AGO)
    before = clock.monotonic()

    clock.go_to(LONG_AGO - 60)

    assert clock.now() == LONG_AGO
    assert clock.monotonic() == before


async def test_waits_are_real() -> None:
    real = SetClock()
    clock = StoryClock(real, begins_at=LONG_AGO)
    clock.go_to(TEN_O_CLOCK)

    waiting = clock.sleep(5.0)
    task = asyncio.ensure_future(waiting)
    await real.advance(4.9)
    was_done = task.done()
    await real.advance(0.2)

    assert not was_done
    assert task.done()
