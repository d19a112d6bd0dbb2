"""Log-ins cost a hash each, and nobody else waits for it."""

import asyncio
import time

import pytest

from services.auth.api.hashing import argon2id
from services.auth.settings.general import AuthSettings
from tests.integration.auth.living import ORIGIN, WAIT_S, Town

LONGEST_BUSY_S = 0.1


@pytest.mark.parametrize("count", [10, pytest.param(40, marks=pytest.mark.proof)])
async def test_the_loop_is_never_busy_for_long_while_many_log_in(town: Town, count: int) -> None:
    """CPU of the loop's own thread: what else the machine does is not counted."""
    busy_s: list[float] = []

    async def look() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            busy_s.append(time.thread_time() - before)

    settings = AuthSettings.model_validate({"secret": "s" * 32, "public_url": ORIGIN})
    async with town.instance(
        slow_hash=argon2id(settings), hash_timeout_s=WAIT_S, workers=()
    ) as auth:
        people = [await auth.register(f"p{number}") for number in range(count)]
        going = asyncio.gather(*(auth.log_in(person.email) for person in people))
        # In the first turn their clients are made: that is this test's own work.
        await asyncio.sleep(0)
        looking = asyncio.create_task(look())
        answers = await going
        looking.cancel()

    assert {answer.status_code for answer in answers} == {200}
    assert max(busy_s) < LONGEST_BUSY_S
