"""The queues that stay are there before the services are, and each starts with its own rights."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest

from libs.common.bus.interface import Outgoing
from libs.common.bus.topology import (
    COMMANDS,
    FACTS,
    room_command_key,
    room_commands,
    shard_of,
)
from libs.common.facts import USERS
from services.builders.catalog import KEEPING, SERVICES, schema_of
from services.builders.databases import role_of
from tests.contract.bus_promises import Reader
from tests.integration.bus.opening import open_bus
from tests.integration.fleet.conftest import Broker
from tests.support.alone import Alone
from tests.support.postgres import Databases
from tests.support.service_database import service_database

ROOM = UUID(int=7)
SHARDS = 4


@pytest.fixture
async def database_urls(databases: Databases) -> AsyncIterator[dict[str, str]]:
    """The addresses of a database for each service that keeps something."""
    async with AsyncExitStack() as opened:
        yield {
            name: await opened.enter_async_context(
                service_database(databases, schema_of(name, role_of(name)))
            )
            for name in KEEPING
        }


def alone(broker: Broker, *command: str, container: str, **settings: str) -> Alone:
    """Return a process that is told what its container is."""
    return Alone(
        *command,
        keys=broker.secrets / container / "keys",
        settings={"BUS_URL": broker.url(container), "BUS_SHARDS": str(SHARDS), **settings},
    )


async def test_what_is_said_before_the_first_start_waits_for_it(broker: Broker) -> None:
    command = Outgoing(COMMANDS, room_command_key(ROOM, SHARDS), "cmd.v1", b"1", is_mandatory=True)
    fact = Outgoing(FACTS, "auth.user.updated", "fact.v1", b"2", is_mandatory=True)
    for _ in "made", "found":
        async with alone(broker, "queues", container="queues") as preparing:
            assert await preparing.ended() == 0, preparing.output
            assert preparing.output == [f"The broker has the queues of {SHARDS} shards"]

    for service, message in (("gateway", command), ("auth", fact)):
        bus = await open_bus(broker.url(service))
        await bus.publish(message, timeout_s=2.0)
        await bus.close()

    bus = await open_bus(broker.url("messages"))
    for queue, body in (
        (room_commands(shard_of(ROOM, SHARDS)), b"1"),
        (USERS.queue("messages"), b"2"),
    ):
        reader = Reader()
        consumer = await bus.consume(queue, reader, prefetch=1)
        assert await reader.bodies(1) == [body]
        consumer.settle(reader.seen[0])
        await consumer.close()
    await bus.close()


async def test_every_service_starts_with_its_own_user_and_rights(
    broker: Broker, database_urls: dict[str, str]
) -> None:
    async with AsyncExitStack() as started:
        processes = [
            await started.enter_async_context(
                alone(
                    broker,
                    "run",
                    service,
                    container=service,
                    DATABASE_URL=database_urls.get(service, ""),
                )
            )
            for service in SERVICES
        ]
        for process in processes:
            await process.works("bus", "database")
