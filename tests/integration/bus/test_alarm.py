"""A broker without disk or memory takes nothing; it still delivers what it has."""

import asyncio
from contextlib import suppress

import pytest

from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.errors import Unavailable
from tests.contract.bus_promises import PATIENCE_S, ROOM_7, Reader, command, publish
from tests.support.rabbitmq import Brokers
from tests.support.waiting import eventually

QUICK_S = 0.1


async def alarmed(brokers: Brokers, bus: RabbitBus) -> None:
    """Raise the alarm and publish until the broker has stopped listening to us."""
    await brokers.alarm(on=True)

    async def takes_nothing() -> bool:
        with suppress(Unavailable):
            await bus.publish(command(b"x", is_mandatory=True), timeout_s=QUICK_S)
        return not await bus.is_ready()

    await eventually(takes_nothing, bool)


async def test_publishing_fails_at_once_while_an_alarm_lasts_and_works_after_it(
    brokers: Brokers, bus: RabbitBus
) -> None:
    await alarmed(brokers, bus)

    async with asyncio.timeout(QUICK_S):
        with pytest.raises(Unavailable) as refusal:
            await bus.publish(command(b"not tried"), timeout_s=PATIENCE_S)

    assert type(refusal.value) is Unavailable
    assert not await bus.is_ready()

    await brokers.alarm(on=False)
    await eventually(bus.is_ready, bool, within_s=PATIENCE_S)
    await bus.declare(ROOM_7)
    await publish(bus, command(b"taken"))


async def test_what_is_there_is_delivered_and_settled_while_an_alarm_lasts(
    brokers: Brokers, bus: RabbitBus
) -> None:
    reader = Reader()
    await bus.declare(ROOM_7)
    await publish(bus, command(b"1"), command(b"2"), command(b"3"))
    await alarmed(brokers, bus)

    consumer = await bus.consume(ROOM_7, reader, prefetch=1)
    for number in range(3):
        await reader.bodies(number + 1)
        consumer.settle(reader.seen[number])

    assert await reader.bodies(3) == [b"1", b"2", b"3"]
