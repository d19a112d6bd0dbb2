"""One instance of messages among several, on a real broker: in the test's loop, or as a program.

    python -m tests.integration.messages.instance DATABASE_URL BUS_URL

The program says `ready` and runs until it is killed; one that is told to end ends in order.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.chance import SystemChance
from libs.common.claims_postgres import PostgresClaim
from libs.common.client import ClientSettings, InternalClient
from libs.common.clock import SystemClock
from libs.common.http.settings import HttpSettings
from libs.common.postgres import Database, DatabaseSettings
from libs.common.process import Doors, Process
from services.messages.app import NAME, build
from services.messages.settings import MessagesSettings
from tests.integration.messages.around import BackDoor, Door, Minter, Rooms
from tests.support.receipts import receipts
from tests.support.running_service import running

CLOSE_S: Final = 5.0

SHARDS: Final = 4
LEASE_S: Final = 1.0
HEARTBEAT_S: Final = 1
"""The broker misses somebody who stands still after two or three of these."""

SETTINGS: Final = MessagesSettings(
    look_s=0.1,
    claim_lease_s=LEASE_S,
    settle_s=0.3,
    standby_s=0.3,
    hand_over_s=0.5,
    room_sends_per_s=100_000,
    room_sends_burst=100_000,
)


def broker_at(url: str) -> BrokerSettings:
    return BrokerSettings(
        url=SecretStr(url), reconnect_s=0.2, heartbeat_s=HEARTBEAT_S, shards=SHARDS
    )


@asynccontextmanager
async def bus_at(url: str, name: str) -> AsyncIterator[RabbitBus]:
    clock = SystemClock()
    bus = await RabbitBus.connect(
        broker_at(url), instance=name, clock=clock, chance=SystemChance(clock)
    )
    try:
        yield bus
    finally:
        await bus.close()


@asynccontextmanager
async def instance_at(database_url: str, bus_url: str) -> AsyncIterator[None]:
    """Run an instance with a pool, a claim and connections of its own; stop it in order."""
    clock = SystemClock()
    chance = SystemChance(clock)
    settings = DatabaseSettings.model_validate({"database_url": database_url})
    name = chance.new_id().hex[-8:]
    asked_rooms = InternalClient(
        "rooms",
        "http://rooms.test",
        settings=ClientSettings(),
        tokens=Minter(),
        clock=clock,
        chance=chance,
        transport=httpx.MockTransport(Rooms().answer),
    )
    database = await Database.connect(settings, service=NAME, clock=clock, chance=chance)
    try:
        async with asked_rooms, bus_at(bus_url, name) as bus:
            process = Process(
                instance=name,
                bus=bus,
                spread=broker_at(bus_url),
                clock=clock,
                chance=chance,
                registry=CollectorRegistry(),
                http=HttpSettings(),
            )
            service = build(
                SETTINGS,
                process,
                doors=Doors(Door(), BackDoor()),
                database=database,
                claim=PostgresClaim(settings, NAME, lease_s=SETTINGS.claim_lease_s),
                rooms=asked_rooms,
                receipts=receipts(NAME, clock),
            )
            async with running(service):
                yield
    finally:
        await database.close(CLOSE_S)


async def main(database_url: str, bus_url: str) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    async with instance_at(database_url, bus_url):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await told.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
