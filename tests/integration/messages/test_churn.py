"""Somebody is put out and let in again, over and over, while people talk: by no way do they hear
anything past a removal, exactly by the seq.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from libs.common.postgres import Database
from tests.integration.messages.around import ALICE
from tests.integration.messages.churning import Churn, churn
from tests.support.waiting import until

CHANGES = 1_000

BOUND_S = 170.0
"""For the thousand, which take some 35 s on an idle machine."""


@asynccontextmanager
async def in_company(here: Churn, *, per_s: float) -> AsyncIterator[None]:
    """Let Alice talk and Bob be all ears until the block ends."""
    ways = (here.listening, here.counting, here.polling)
    tasks = [asyncio.create_task(way.run()) for way in ways]
    talking = asyncio.create_task(here.talk(per_s=per_s))
    try:
        yield
        talking.cancel()
        await asyncio.wait({talking})
        await until(lambda: here.listening.is_in)
        last = (await here.house.post(ALICE, "last"))["seq"]
        await until(lambda: last in here.listening.heard and last in here.polling.heard)
    finally:
        for task in (talking, *tasks):
            task.cancel()
        await asyncio.wait({talking, *tasks})


async def lives_through(here: Churn, *, times: int, per_s: float) -> int:
    """Put Bob out and let him in so often, and return how many messages were said meanwhile."""
    async with in_company(here, per_s=per_s):
        await here.come_and_go(times=times)
    stretches = await here.stretches()
    assert len(stretches) == here.looking.looks == times

    past = {seq: back for out, back in stretches for seq in range(out + 1, back)}
    live, polled = here.listening.heard, here.polling.heard

    assert [
        seq for seq in live.keys() & past if not here.listening.was_back(seq, by=past[seq])
    ] == []
    assert not past.keys() & here.counting.heads
    # Who is in again reads what was said meanwhile; but no answer ends there.
    assert [seqs for seqs, more in here.polling.answers if seqs[-1] in past and not more] == []
    assert polled == sorted(set(polled))
    assert len(past) > times / 4, "something was said while Bob was out"
    assert len(live) > times / 4, "and while he was in"
    return await here.said(stretches[0][0], stretches[-1][1])


async def test_nothing_is_heard_past_a_removal_while_people_talk(database: Database) -> None:
    async with churn(database) as here:
        await lives_through(here, times=25, per_s=100)


@pytest.mark.proof
async def test_a_thousand_changes_under_a_hundred_messages_a_second(database: Database) -> None:
    async with asyncio.timeout(BOUND_S), churn(database) as here:
        messages = await lives_through(here, times=CHANGES // 2, per_s=100)

    # On an idle machine it is more than three to a change. One that does much else slows both.
    assert messages > 2 * CHANGES
