"""What a worker does before another instance goes on with one of its shards."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from libs.common.bus.intake import Taken
from libs.common.bus.interface import Delivery
from libs.common.bus.worker import CommandWorker
from libs.common.contracts.commands import COMMAND_BATCH
from tests.support.clock import SetClock, settle
from tests.unit.common.desk import Clerk, Settled, delivery, names

SOON_S = 0.01


class SlowClerk(Clerk):
    """Does nothing until he is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()
        self.begun: list[list[str]] = []

    async def obey(self, batch: Sequence[Taken]) -> Sequence[Taken]:
        self.begun.append(names(batch))
        await self.may.wait()
        return await super().obey(batch)

    async def bury_unreadable(self, delivery: Delivery) -> None:
        await self.may.wait()
        await super().bury_unreadable(delivery)


class Office:
    """A worker with two shards; `going` is the one that is to be handed over."""

    def __init__(self) -> None:
        self.clerk = SlowClerk()
        self.worker = CommandWorker(self.clerk, SetClock())
        self.going, self.staying = self.worker.add_intake(), self.worker.add_intake()
        self.settled = Settled()
        self.going.consumer = self.settled
        self.staying.consumer = Settled()

    async def finishing(self) -> "asyncio.Task[None]":
        task = asyncio.create_task(self.worker.finish(self.going))
        await settle()
        return task


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    working = asyncio.create_task(office.worker.run())
    yield office
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_what_is_in_hand_is_done_and_settled_first(office: Office) -> None:
    office.going.on_delivery(delivery(1, "ab"))
    await settle()

    finishing = await office.finishing()
    assert not finishing.done()
    office.clerk.may.set()
    await finishing

    assert office.clerk.batches == [["a", "b"]]
    assert office.settled.tags == [1]


async def test_what_came_meanwhile_is_left_to_the_next_one(office: Office) -> None:
    office.going.on_delivery(delivery(1, "a"))
    await settle()
    finishing = await office.finishing()
    office.going.on_delivery(delivery(2, "b"))
    office.staying.on_delivery(delivery(1, "x"))

    office.clerk.may.set()
    await finishing
    await settle()

    assert office.clerk.batches == [["a"], ["x"]]
    assert office.settled.tags == [1]


async def test_a_worker_without_work_is_done_at_once(office: Office) -> None:
    finishing = await office.finishing()

    assert finishing.done()


async def test_a_burial_in_hand_is_waited_for(office: Office) -> None:
    office.going.on_delivery(Delivery("m.0", COMMAND_BATCH, b"\xc1", 1, is_redelivered=False))
    await settle()

    finishing = await office.finishing()
    assert not finishing.done()
    office.clerk.may.set()
    await finishing

    assert office.settled.tags == [1]


async def test_a_shard_that_takes_too_long_goes_on_as_before(office: Office) -> None:
    office.going.on_delivery(delivery(1, "a"))
    await settle()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(SOON_S):
            await office.worker.finish(office.going)
    office.going.on_delivery(delivery(2, "b"))
    office.clerk.may.set()
    await settle()

    assert office.clerk.batches == [["a"], ["b"]]
    assert office.settled.tags == [1, 2]


async def test_a_finished_shard_can_be_dropped(office: Office) -> None:
    await office.worker.finish(office.going)
    office.going.on_delivery(delivery(1, "a"))

    office.worker.drop_intake(office.going)
    office.staying.on_delivery(delivery(1, "x"))
    office.clerk.may.set()
    await settle()

    assert office.clerk.batches == [["x"]]
