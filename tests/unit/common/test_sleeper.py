"""A sleeper sleeps by the clock, and not a moment longer than somebody lets it."""

import asyncio

from libs.common.sleeper import Sleeper
from tests.support.clock import SetClock, settle


async def test_it_sleeps_as_long_as_it_may() -> None:
    clock = SetClock()
    sleeping = asyncio.create_task(Sleeper(clock).sleep(5.0))

    await clock.advance(4.9)
    was_done = sleeping.done()
    await clock.advance(0.1)

    assert (was_done, sleeping.done()) == (False, True)


async def test_a_call_ends_the_sleep() -> None:
    sleeper = Sleeper(SetClock())
    sleeping = asyncio.create_task(sleeper.sleep(5.0))
    await settle()

    sleeper.wake()
    await settle()

    assert sleeping.done()


async def test_a_call_while_nobody_sleeps_cuts_the_next_sleep_and_only_that() -> None:
    sleeper = Sleeper(SetClock())
    sleeper.wake()
    sleeper.wake()

    await sleeper.sleep(5.0)
    second = asyncio.create_task(sleeper.sleep(5.0))
    await settle()

    assert not second.done()
    second.cancel()


async def test_who_is_cancelled_in_their_sleep_leaves_nothing_behind() -> None:
    before = asyncio.all_tasks()
    sleeping = asyncio.create_task(Sleeper(SetClock()).sleep(5.0))
    await settle()

    sleeping.cancel()
    await settle()

    assert asyncio.all_tasks() == before
