"""A task whose end was wanted ends, also where a library forgot that it was."""

import asyncio

import pytest

from libs.common.cancelling import end_if_cancelled
from libs.common.errors import Unavailable
from libs.common.retry import retrying
from tests.support.clock import SetClock


async def test_a_task_that_nobody_cancelled_goes_on() -> None:
    end_if_cancelled()


async def test_a_task_that_swallowed_its_cancellation_ends_at_the_next_step() -> None:
    steps: list[str] = []

    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            steps.append("swallowed")
        end_if_cancelled()
        steps.append("went on")

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["swallowed"]


async def test_who_tries_again_stops_when_the_end_came_with_a_failure() -> None:
    """Python 3.11: what `asyncio.wait_for` waits for fails in the turn of the cancellation."""
    tries: list[asyncio.Future[None]] = []

    async def connect() -> None:
        tries.append(asyncio.get_running_loop().create_future())
        await asyncio.wait_for(tries[-1], timeout=60)

    trying = asyncio.create_task(
        retrying(connect, for_s=60, delay_s=float, clock=SetClock()), name="trying"
    )
    await asyncio.sleep(0)
    tries[0].set_exception(Unavailable())
    trying.cancel()

    with pytest.raises((asyncio.CancelledError, Unavailable)):
        async with asyncio.timeout(1):
            await trying
    assert len(tries) == 1
