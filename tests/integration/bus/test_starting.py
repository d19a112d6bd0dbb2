"""What can be wrong with a broker at the start: one clear line each, and a wait or a stop."""

import asyncio
import gc
import logging
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import aio_pika
import pytest
import structlog
from aio_pika.abc import AbstractConnection

from libs.common.bus.interface import Binding, Outgoing
from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.rabbit.failures import BrokerUnusable
from libs.common.bus.rabbit.link import Link
from libs.common.bus.topology import EVENTS, REPLY, dead_letters, facts_for
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from services.nodes.rabbitmq.accounts import Rights
from tests.contract.bus_promises import ROOM_7, Reader, command, publish
from tests.integration.bus.cable import laid_to
from tests.integration.bus.opening import open_bus, settings_of
from tests.support.ports import free_port
from tests.support.rabbitmq import Brokers

TRIES: Final = 300

MOMENTS: Final = 60
"""Turns of the loop in which a connection is refused, and some more."""

STOPPED_S: Final = 3.0


async def never(_: AbstractConnection, __: Callable[[], None]) -> None:
    raise AssertionError("there is no broker")


async def test_a_broker_that_is_down_is_waited_for_with_one_line() -> None:
    with structlog.testing.capture_logs() as lines, pytest.raises(BrokerUnusable) as reason:
        await open_bus(f"amqp://a:b@127.0.0.1:{free_port()}/", wait_s=1.0)

    assert "BUS_WAIT_S" in str(reason.value)
    told = [line for line in lines if line["event"] == "broker_away"]
    assert [line["link"] for line in told] == ["publishing", "consuming"]
    assert "Connect call failed" in told[0]["reason"]


async def test_who_waits_for_a_broker_can_be_stopped_in_any_moment() -> None:
    refusing = settings_of(f"amqp://a:b@127.0.0.1:{free_port()}/")
    clock = SystemClock()
    for turns in range(MOMENTS):
        link = Link(
            "test", never, refusing, instance="test", clock=clock, chance=SystemChance(clock)
        )
        waiting = asyncio.create_task(link.run())
        for _ in range(turns):
            await asyncio.sleep(0)

        waiting.cancel()

        _, late = await asyncio.wait({waiting}, timeout=STOPPED_S)
        assert not late, f"after {turns} turns of the loop"


async def test_a_broker_that_comes_up_late_is_found(url: str) -> None:
    async with laid_to(url) as cable:
        cable.pull_out()
        opening = asyncio.create_task(open_bus(cable.url))
        await asyncio.sleep(0.1)

        cable.plug_in()
        bus = await opening

        assert await bus.is_ready()
        await bus.close()


async def test_a_wrong_password_stops_with_one_line(url: str) -> None:
    password = urlsplit(url).password
    assert password is not None

    with pytest.raises(BrokerUnusable) as reason:
        await open_bus(url.replace(password, "wrong"))

    assert "correct the name and the password in BUS_URL" in str(reason.value)
    assert password not in str(reason.value)


async def test_what_both_connections_say_is_said_once(url: str) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    password = urlsplit(url).password
    assert password is not None

    # The second is refused before the first was told of, or after: each happens now and then.
    for _ in range(TRIES):
        with pytest.raises(BrokerUnusable):
            await open_bus(url.replace(password, "wrong"))
    gc.collect()

    assert complaints == []


async def test_a_virtual_host_that_is_not_there_stops_with_one_line(url: str) -> None:
    with pytest.raises(BrokerUnusable, match="virtual host 'nowhere'"):
        await open_bus(urlsplit(url)._replace(path="/nowhere").geturl())


async def test_the_library_says_nothing_of_its_own(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    with pytest.raises(BrokerUnusable):
        await open_bus(urlsplit(url)._replace(path="/nowhere").geturl())

    assert caplog.records == []


async def test_a_queue_with_other_arguments_stops_with_one_line(url: str, bus: RabbitBus) -> None:
    connection = await aio_pika.connect(url)
    channel = await connection.channel()
    await channel.declare_queue(ROOM_7.name, durable=True, arguments={"x-max-length": 1})
    await connection.close()

    with pytest.raises(BrokerUnusable) as reason:
        await bus.consume(ROOM_7, Reader(), prefetch=1)

    assert f"the queue {ROOM_7.name}" in str(reason.value)
    assert "other arguments" in str(reason.value)
    assert "\n" not in str(reason.value)
    assert await bus.is_ready()


async def test_a_virtual_host_whose_queues_are_quorum_queues_works(brokers: Brokers) -> None:
    async with brokers.vhost(default_queue_type="quorum") as url:
        bus = await open_bus(url)
        reader, answers = Reader(), Reader()

        await bus.consume(ROOM_7, reader, prefetch=10)
        inbox = await bus.open_inbox("gw", [Binding(EVENTS, "e.1.0")], answers, on_gap=lambda: None)
        await publish(bus, command(b"1"), Outgoing(REPLY, inbox.address, "ans.v1", b"2"))

        assert await reader.bodies(1) == [b"1"]
        assert await answers.bodies(1) == [b"2"]
        await bus.close()


async def test_queues_are_quorum_queues_where_the_setting_says_so(url: str) -> None:
    bus = await open_bus(url, queue_type="quorum")
    reader, heir = Reader(), Reader()
    await bus.declare(dead_letters())
    consumer = await bus.consume(ROOM_7, reader, prefetch=10)
    await publish(bus, command(b"1"), command(b"2"))
    await reader.bodies(2)

    consumer.settle(reader.seen[0])
    await consumer.close()
    await bus.consume(ROOM_7, heir, prefetch=10)

    assert await heir.bodies(1) == [b"2"]
    await bus.close()


async def test_a_user_may_do_his_own_work_and_no_more(
    brokers: Brokers, url: str, bus: RabbitBus
) -> None:
    """The exchanges are there already: `bus` has made them."""
    assert await bus.is_ready()
    rights = Rights(
        configure=r"gw\..*", write=r"gw\..*|chat\.cmd", read=r"gw\..*|chat\.(events|facts|reply)"
    )
    gateway = await open_bus(await brokers.admit(url, rights))
    await bus.declare(ROOM_7)

    inbox = await gateway.open_inbox(
        "gw.1", [Binding(EVENTS, "e.1.0")], Reader(), on_gap=lambda: None
    )
    await publish(gateway, command(b"1", is_mandatory=True))
    await inbox.close()

    with pytest.raises(BrokerUnusable, match=r"ACCESS_REFUSED.*Grant the user in BUS_URL"):
        await gateway.consume(facts_for("rooms", "#"), Reader(), prefetch=1)
    await gateway.close()
