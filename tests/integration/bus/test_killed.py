"""The broker dies as by `kill -9`: nothing that was taken is lost, and nothing overtakes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from libs.common.bus.rabbit.bus import RabbitBus
from tests.contract.bus_promises import ROOM_7, Reader, command, publish
from tests.integration.bus.conftest import OpenBus
from tests.integration.bus.talking import Owner, Talker
from tests.integration.bus.waiting import eventually_not_ready
from tests.support.rabbitmq import Brokers
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow

BOOT_S = 30.0
RECOVERY_S = 5.0
"""Ours, once the broker is up."""


@pytest.fixture
async def talker(new_bus: OpenBus) -> AsyncIterator[Talker]:
    talker = Talker(await new_bus())
    yield talker
    await talker.stop()


@pytest.mark.proof
async def test_commands_sent_over_the_death_of_the_broker_all_arrive_in_order(
    brokers: Brokers, bus: RabbitBus, talker: Talker
) -> None:
    owner = Owner()
    await owner.begin(bus)
    await talker.send(100, pause_s=0.001)

    sending = asyncio.create_task(talker.send(500, pause_s=0.001))
    await owner.hears(150, within_s=RECOVERY_S)
    await brokers.kill()
    await brokers.start()

    async with asyncio.timeout(BOOT_S):
        await sending
    await owner.hears(599, within_s=BOOT_S)
    assert owner.first_heard == list(range(600))
    assert talker.refused == []


async def test_what_was_confirmed_survives_and_consumers_go_on(
    brokers: Brokers, bus: RabbitBus
) -> None:
    reader = Reader()
    await bus.declare(ROOM_7)
    await publish(bus, command(b"1"), command(b"2"))

    await brokers.kill()
    await eventually_not_ready(bus)
    await brokers.start()
    await eventually(bus.is_ready, bool, within_s=RECOVERY_S)
    await bus.consume(ROOM_7, reader, prefetch=10)
    await publish(bus, command(b"3"))

    assert await reader.bodies(3) == [b"1", b"2", b"3"]
