"""A broker that says no to a message or ends a channel: others are served, and so are we, later."""

import asyncio
from dataclasses import replace

import aio_pika
import pytest

from libs.common.bus.interface import Binding, Refused
from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.topology import COMMANDS
from tests.contract.bus_promises import PATIENCE_S, ROOM_7, Reader, command, publish
from tests.integration.bus.cable import Cable
from tests.integration.bus.waiting import eventually_not_ready
from tests.support.waiting import eventually

ROOM_8 = replace(
    ROOM_7, name="messages.cmd.8", bindings=(Binding(COMMANDS, "m.8"),), max_length=500
)

CHANNEL_OPEN = b"\x00\x14\x00\x0a"
"""Class 20, method 10."""


async def fill(bus: RabbitBus) -> None:
    await bus.declare(ROOM_7)
    await publish(bus, *[command(b"%d" % number) for number in range(ROOM_7.max_length)])


async def test_a_queue_that_was_full_takes_again_what_fits(bus: RabbitBus) -> None:
    reader = Reader()
    await fill(bus)
    with pytest.raises(Refused):
        await publish(bus, command(b"too many"))

    consumer = await bus.consume(ROOM_7, reader, prefetch=10)
    await reader.bodies(5)
    consumer.settle(reader.seen[4])
    await publish(bus, command(b"fits"))

    assert (await reader.bodies(6))[-1] == b"fits"


async def test_after_a_refusal_the_next_message_takes_a_new_channel(
    cable: Cable, cabled: RabbitBus
) -> None:
    await fill(cabled)
    before = cable.said.count(CHANNEL_OPEN)

    with pytest.raises(Refused):
        await publish(cabled, command(b"too many"))
    await publish(cabled, replace(command(b"elsewhere"), key="m.8"))

    assert cable.said.count(CHANNEL_OPEN) == before + 1


async def test_a_refusal_harms_nobody_who_publishes_beside_it(bus: RabbitBus) -> None:
    await fill(bus)
    await bus.declare(ROOM_8)
    others = [replace(command(b"x"), key="m.8") for _ in range(50)]

    outcomes = await asyncio.gather(
        *(
            bus.publish(message, timeout_s=PATIENCE_S)
            for one in others
            for message in (one, command(b"too many"))
        ),
        return_exceptions=True,
    )

    assert outcomes[::2] == [None] * 50
    assert {type(outcome) for outcome in outcomes[1::2]} == {Refused}


async def test_a_queue_that_was_taken_away_is_made_again(url: str, bus: RabbitBus) -> None:
    reader, losses = Reader(), list[str]()
    await bus.consume(ROOM_7, reader, prefetch=10, on_lost=lambda: losses.append("lost"))
    await publish(bus, command(b"1"))
    await reader.bodies(1)

    connection = await aio_pika.connect(url)
    channel = await connection.channel()
    await channel.queue_delete(ROOM_7.name)
    await connection.close()
    await eventually_not_ready(bus)
    await eventually(bus.is_ready, bool, within_s=PATIENCE_S)
    await publish(bus, command(b"2", is_mandatory=True))

    assert await reader.bodies(2) == [b"1", b"2"]
    assert losses == ["lost"]


async def test_a_channel_that_the_broker_ends_is_opened_again(bus: RabbitBus) -> None:
    """Settling twice is a mistake that ends the channel; here it is made on purpose."""
    reader, losses = Reader(), list[str]()
    consumer = await bus.consume(ROOM_7, reader, prefetch=10, on_lost=lambda: losses.append("lost"))
    await publish(bus, command(b"1"), command(b"2"))
    await reader.bodies(2)

    consumer.settle(replace(reader.seen[1], tag=reader.seen[1].tag + 100))

    assert (await reader.bodies(4))[2:] == [b"1", b"2"]
    assert losses == ["lost"]
    await eventually(bus.is_ready, bool, within_s=PATIENCE_S)
