"""A connection that breaks: made again, everybody told, nothing settled that was lost."""

import asyncio
from random import Random

import pytest

from libs.common.bus.interface import Binding, Outgoing, Unconfirmed, Unroutable
from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.topology import EVENTS, REPLY
from libs.common.errors import Unavailable
from tests.contract.bus_promises import PATIENCE_S, ROOM_7, Reader, command, publish
from tests.integration.bus.cable import Cable
from tests.integration.bus.conftest import OpenBus
from tests.integration.bus.opening import open_bus
from tests.integration.bus.talking import Owner, Talker
from tests.integration.bus.waiting import eventually_not_ready
from tests.support.waiting import eventually


class Losses:
    """Counts how often it is called, and lets a test wait for a number."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1

    async def reached(self, number: int) -> None:
        async def is_so() -> bool:
            return self.count >= number

        await eventually(is_so, bool, within_s=PATIENCE_S)


async def ready_again(bus: RabbitBus) -> None:
    await eventually(bus.is_ready, bool, within_s=PATIENCE_S)


async def test_a_consumer_goes_on_after_a_cut(cable: Cable, cabled: RabbitBus) -> None:
    reader = Reader()
    await cabled.consume(ROOM_7, reader, prefetch=10)

    cable.cut()
    await eventually_not_ready(cabled)
    await ready_again(cabled)
    await publish(cabled, command(b"after"))

    assert await reader.bodies(1) == [b"after"]


async def test_the_bus_is_looked_after_over_a_cut(cable: Cable, cabled: RabbitBus) -> None:
    running = asyncio.create_task(cabled.run())

    cable.cut()
    await eventually_not_ready(cabled)
    await ready_again(cabled)

    assert not running.done()
    running.cancel()


@pytest.mark.slow
async def test_a_line_that_is_dead_without_a_word_is_noticed_by_its_heartbeat(
    cable: Cable,
) -> None:
    bus = await open_bus(cable.url, heartbeat_s=1)
    run_out_s = 3 * (1 + 1) + PATIENCE_S

    cable.hold()
    await eventually_not_ready(bus, within_s=run_out_s)

    cable.release()
    await eventually(bus.is_ready, bool, within_s=run_out_s)
    await bus.close()


async def test_what_a_cut_took_away_comes_again_after_the_loss_was_told(
    cable: Cable, cabled: RabbitBus
) -> None:
    reader, losses = Reader(), Losses()
    await cabled.consume(ROOM_7, reader, prefetch=10, on_lost=losses)
    await publish(cabled, command(b"1"), command(b"2"))
    await reader.bodies(2)

    cable.cut()

    assert await reader.bodies(4) == [b"1", b"2", b"1", b"2"]
    assert [delivery.is_redelivered for delivery in reader.seen] == [False, False, True, True]
    assert losses.count == 1


async def test_settling_what_a_cut_took_away_settles_nothing(
    cable: Cable, cabled: RabbitBus, new_bus: OpenBus
) -> None:
    reader, heir = Reader(), Reader()
    consumer = await cabled.consume(ROOM_7, reader, prefetch=10)
    await publish(cabled, command(b"1"), command(b"2"))
    await reader.bodies(2)
    cable.cut()
    await reader.bodies(4)

    consumer.settle(reader.seen[1])
    await consumer.close()
    other = await new_bus()
    await other.consume(ROOM_7, heir, prefetch=10)

    assert await heir.bodies(2) == [b"1", b"2"]


async def test_settling_what_came_again_settles_it(
    cable: Cable, cabled: RabbitBus, new_bus: OpenBus
) -> None:
    reader, heir = Reader(), Reader()
    consumer = await cabled.consume(ROOM_7, reader, prefetch=10)
    await publish(cabled, command(b"1"), command(b"2"))
    await reader.bodies(2)
    cable.cut()
    await reader.bodies(4)

    consumer.settle(reader.seen[2])
    await consumer.close()
    other = await new_bus()
    await other.consume(ROOM_7, heir, prefetch=10)

    assert await heir.bodies(1) == [b"2"]


async def test_an_inbox_is_another_one_after_a_cut_and_says_so(
    cable: Cable, cabled: RabbitBus
) -> None:
    reader, gaps = Reader(), Losses()
    inbox = await cabled.open_inbox("gw", [Binding(EVENTS, "e.1.0")], reader, on_gap=gaps)
    before = inbox.address
    assert gaps.count == 0

    cable.cut()
    await gaps.reached(1)
    await ready_again(cabled)
    await publish(
        cabled,
        Outgoing(REPLY, inbox.address, "ans.v1", b"answer", is_mandatory=True),
        Outgoing(EVENTS, "e.1.0", "evt.v1", b"event"),
    )

    assert await reader.bodies(2) == [b"answer", b"event"]
    assert inbox.address != before

    with pytest.raises(Unroutable):
        await publish(cabled, Outgoing(REPLY, before, "ans.v1", b"", is_mandatory=True))


async def test_while_cut_off_nothing_is_ready_and_publishing_fails_at_once(
    cable: Cable, cabled: RabbitBus
) -> None:
    cable.pull_out()
    await eventually_not_ready(cabled)

    async with asyncio.timeout(0.1):
        with pytest.raises(Unavailable) as refusal:
            await cabled.publish(command(b"never sent"), timeout_s=PATIENCE_S)

    assert type(refusal.value) is Unavailable
    cable.plug_in()
    await ready_again(cabled)


async def test_a_message_on_its_way_when_the_cable_is_cut_is_unconfirmed(
    cable: Cable, cabled: RabbitBus
) -> None:
    await cabled.declare(ROOM_7)
    cable.hold()
    publishing = asyncio.create_task(cabled.publish(command(b"perhaps"), timeout_s=PATIENCE_S))
    await asyncio.sleep(0)

    cable.cut()
    cable.release()

    with pytest.raises(Unconfirmed):
        await publishing


async def test_a_broker_that_says_nothing_is_tried_twice_and_then_connected_anew(
    cable: Cable, bus: RabbitBus
) -> None:
    await bus.declare(ROOM_7)
    impatient = await open_bus(cable.url, publish_timeout_s=0.3, operation_timeout_s=0.5)
    cable.hold()
    for _ in range(2):
        with pytest.raises(Unconfirmed):
            await publish(impatient, command(b"perhaps"))

    assert not await impatient.is_ready()
    async with asyncio.timeout(0.1):
        with pytest.raises(Unavailable):
            await publish(impatient, command(b"not tried"))

    cable.release()
    await ready_again(impatient)
    await publish(impatient, command(b"tried"))
    await impatient.close()


async def test_a_standby_takes_over_from_one_that_was_cut_off(
    cable: Cable, cabled: RabbitBus, bus: RabbitBus
) -> None:
    active, standby = Reader(), Reader()
    await cabled.consume(ROOM_7, active, prefetch=10)
    await bus.consume(ROOM_7, standby, prefetch=10)
    await publish(bus, command(b"1"), command(b"2"))
    await active.bodies(2)
    assert standby.seen == []

    cable.pull_out()

    assert await standby.bodies(2) == [b"1", b"2"]
    assert all(delivery.is_redelivered for delivery in standby.seen)


@pytest.mark.slow
async def test_commands_keep_their_order_over_many_cuts(cable: Cable, cabled: RabbitBus) -> None:
    """Cut are the sender's confirms and the owner's deliveries, at any moment."""
    chance, owner = Random(1), Owner()
    await owner.begin(cabled)
    talker = Talker(cabled)

    sending = asyncio.create_task(talker.send(100, pause_s=0.005))
    while not sending.done():
        cable.cut()
        await asyncio.sleep(chance.uniform(0.2, 0.6))
    await owner.hears(99, within_s=PATIENCE_S)

    assert owner.first_heard == list(range(100))
    assert talker.refused == []
    await talker.stop()
