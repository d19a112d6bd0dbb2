"""What a worker does when the way to the bus broke: forget, finish what is in hand, begin again."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from libs.common.bus.interface import Delivery
from libs.common.bus.worker import RETRY_S
from libs.common.contracts.commands import COMMAND_BATCH
from tests.support.clock import settle
from tests.unit.common.desk import Desk, delivery


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    working = asyncio.create_task(desk.worker.run())
    yield desk
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_what_the_way_to_the_bus_lost_is_forgotten_and_obeyed_once_it_comes_again(
    desk: Desk,
) -> None:
    desk.intake.on_delivery(delivery(1, "ab"))
    desk.intake.on_delivery(Delivery("m.0", COMMAND_BATCH, b"\xc1", 2, is_redelivered=False))

    desk.intake.on_lost()
    desk.intake.on_delivery(delivery(3, "ab", is_redelivered=True))
    await settle()

    assert desk.clerk.batches == [["a", "b"]]
    assert desk.clerk.unreadable == []
    assert desk.settled.tags == [3]


async def test_what_was_in_hand_when_it_was_lost_is_finished_and_not_settled(desk: Desk) -> None:
    desk.clerk.outages = 1
    desk.intake.on_delivery(delivery(1, "a"))
    await settle()

    desk.intake.on_lost()
    desk.intake.on_delivery(delivery(2, "ab", is_redelivered=True))
    await desk.clock.advance(RETRY_S)

    assert desk.clerk.batches == [["a"], ["a", "b"]]
    assert desk.settled.tags == [2]


async def test_what_this_process_survived_is_no_crash(desk: Desk) -> None:
    desk.clerk.outages = 1
    desk.intake.on_delivery(delivery(1, "a"))
    await settle()
    desk.intake.on_lost()

    desk.intake.on_delivery(delivery(2, "a", is_redelivered=True))
    await desk.clock.advance(RETRY_S)

    assert desk.clerk.batches == [["a"], ["a"]]
    assert desk.clerk.counted == []


async def test_what_comes_again_much_later_may_have_been_a_crash_elsewhere(desk: Desk) -> None:
    desk.intake.on_delivery(delivery(1, "a"))
    desk.intake.on_lost()
    desk.intake.on_delivery(delivery(2, "b"))
    await settle()

    desk.intake.on_delivery(delivery(3, "a", is_redelivered=True))
    await settle()

    assert desk.clerk.counted == [["a"]]


async def test_a_command_put_aside_that_was_lost_is_not_resumed_beside_its_repeat(
    desk: Desk,
) -> None:
    desk.clerk.put_aside = {"a"}
    desk.intake.on_delivery(delivery(1, "a"))
    await settle()

    desk.intake.on_lost()
    desk.intake.on_delivery(delivery(2, "a", is_redelivered=True))
    await settle()
    desk.clerk.put_aside = set()
    desk.worker.resume(desk.clerk.aside)
    await settle()

    assert desk.clerk.batches == [["a"], ["a"], ["a"]]
    assert desk.settled.tags == [2]


async def test_settling_a_command_put_aside_that_was_lost_settles_nothing(desk: Desk) -> None:
    desk.clerk.put_aside = {"a"}
    desk.intake.on_delivery(delivery(1, "a"))
    await settle()
    desk.intake.on_lost()

    desk.worker.settle(desk.clerk.aside[0])

    assert desk.settled.tags == []


async def test_what_was_put_aside_of_a_dropped_shard_is_not_resumed(desk: Desk) -> None:
    desk.clerk.put_aside = {"a"}
    desk.intake.on_delivery(delivery(1, "a"))
    await settle()

    desk.worker.drop_intake(desk.intake)
    desk.worker.resume(desk.clerk.aside)
    await settle()

    assert desk.clerk.batches == [["a"]]
    assert not desk.intake.ready
