"""What each user may do at a broker that has read the definitions, and what it may not."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelClosed

from libs.common.bus.interface import Binding, Outgoing, Queue
from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.rabbit.declaring import declare_queue
from libs.common.bus.topology import (
    COMMANDS,
    DEAD,
    DEAD_KEY,
    EVENTS,
    EXCHANGES,
    FACTS,
    REPLY,
    dead_letters,
    facts_for,
    person_commands,
    room_commands,
)
from services.builders.catalog import SERVICES
from tests.contract.bus_promises import Reader
from tests.integration.bus.opening import open_bus
from tests.integration.fleet.conftest import Broker

TELLS = {
    "auth": {FACTS},
    "rooms": {COMMANDS, FACTS, DEAD},
    "messages": {COMMANDS, EVENTS, REPLY, DEAD},
    "presence": {COMMANDS, EVENTS, REPLY, DEAD},
    "gateway": {COMMANDS, EVENTS},
}
HEARS = {
    "auth": {FACTS, REPLY},
    "rooms": {FACTS, REPLY},
    "messages": {COMMANDS, FACTS, REPLY},
    "presence": {COMMANDS, FACTS, REPLY},
    "gateway": {EVENTS, FACTS, REPLY},
}
QUEUES: dict[str, list[Queue]] = {
    "auth": [facts_for("auth", "#")],
    "rooms": [facts_for("rooms", "#"), dead_letters()],
    "messages": [room_commands(0), facts_for("messages", "#"), dead_letters()],
    "presence": [person_commands(0), facts_for("presence", "#"), dead_letters()],
    "gateway": [],
}
FOREIGN = {
    "auth": "rooms.facts",
    "rooms": "messages.cmd.0",
    "messages": "presence.cmd.0",
    "presence": "messages.cmd.0",
    "gateway": "messages.cmd.0",
}

Act = Callable[[AbstractChannel], Awaitable[object]]


async def is_refused(broker: Broker, service: str, act: Act) -> bool:
    """Tell whether the broker refuses that for want of rights, whatever else it says."""
    connection = await aio_pika.connect(broker.url(service))
    async with connection:
        channel = await connection.channel()
        try:
            await act(channel)
            # Nothing is answered to a publish without confirms; this is, after it.
            await channel.declare_exchange(EVENTS.name, passive=True)
        except ChannelClosed as reason:
            return "ACCESS_REFUSED" in str(reason)
    return False


def publishing(exchange: str, key: str) -> Act:
    async def act(channel: AbstractChannel) -> None:
        there = await channel.get_exchange(exchange, ensure=False)
        await there.publish(aio_pika.Message(b"forged"), routing_key=key, mandatory=False)

    return act


def making(queue: str) -> Act:
    return lambda channel: channel.declare_queue(queue, durable=True)


def making_as_it_is(queue: Queue) -> Act:
    return lambda channel: declare_queue(channel, queue, queue_type="classic")


def reading(queue: str) -> Act:
    async def act(channel: AbstractChannel) -> None:
        there = await channel.get_queue(queue, ensure=False)
        await there.get(fail=False)

    return act


async def test_every_service_can_do_its_work(broker: Broker) -> None:
    async with AsyncExitStack() as opened:

        async def bus_of(service: str) -> RabbitBus:
            bus = await open_bus(broker.url(service))
            opened.push_async_callback(bus.close)
            return bus

        for service in SERVICES:
            bus = await bus_of(service)
            for queue in QUEUES[service]:
                await bus.consume(queue, Reader(), prefetch=1)
            bindings = [Binding(one, "x") for one in HEARS[service] - {COMMANDS, REPLY}]
            await bus.open_inbox(f"{service}.1", bindings, Reader(), on_gap=lambda: None)
            for exchange in TELLS[service]:
                key = DEAD_KEY if exchange is DEAD else "x"
                await bus.publish(Outgoing(exchange, key, "cmd.v1", b"1"), timeout_s=2.0)
            assert await bus.is_ready()


async def test_nobody_can_do_the_work_of_others(broker: Broker) -> None:
    """One broker for all of it: a start takes longer than these together."""
    others = await open_bus(broker.url("messages"))
    await others.declare(room_commands(0))

    for service in SERVICES:
        for exchange in set(EXCHANGES) - TELLS[service]:
            assert await is_refused(broker, service, publishing(exchange.name, "m.0")), (
                f"{service} may publish to {exchange.name}"
            )
        foreign = FOREIGN[service]
        assert await is_refused(broker, service, making(foreign)), f"{service} makes {foreign}"
        assert await is_refused(broker, service, making("anything")), service
        assert await is_refused(broker, service, publishing("", foreign)), (
            f"{service} publishes past the exchanges"
        )
        if service != "messages":
            assert await is_refused(broker, service, reading("messages.cmd.0")), (
                f"{service} reads what is for messages"
            )
        assert not await is_refused(broker, service, making(f"{service}.own"))
    await others.close()


async def test_who_makes_the_queues_cannot_speak_to_the_services(broker: Broker) -> None:
    for queue in (room_commands(0), person_commands(0), facts_for("rooms", "#")):
        assert not await is_refused(broker, "queues", making_as_it_is(queue))
    for exchange in set(EXCHANGES) - {DEAD}:
        assert await is_refused(broker, "queues", publishing(exchange.name, "m.0")), exchange
    assert await is_refused(broker, "queues", publishing("", "gateway.1"))
    assert await is_refused(broker, "queues", making("anything"))


async def test_who_says_to_be_another_user_is_not_heard(broker: Broker) -> None:
    connection = await aio_pika.connect(broker.url("gateway"))
    async with connection:
        channel = await connection.channel()
        commands = await channel.get_exchange(COMMANDS.name, ensure=False)
        forged = aio_pika.Message(b"forged", user_id="hubbub_rooms")

        with pytest.raises(ChannelClosed, match="user_id property"):
            await commands.publish(forged, routing_key="m.0")


async def test_there_is_no_guest_with_these_definitions(broker: Broker) -> None:
    for user in ("guest:guest", "hubbub_auth:hubbub_auth"):
        here = broker.url("auth").rpartition("@")[2]
        with pytest.raises(aio_pika.exceptions.ProbableAuthenticationError):
            await aio_pika.connect(f"amqp://{user}@{here}")
