"""Buses over a vhost of their own, for one test each."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from libs.common.bus.rabbit.bus import RabbitBus
from tests.integration.bus.cable import Cable, laid_to
from tests.integration.bus.opening import open_bus
from tests.support.rabbitmq import Brokers

OpenBus = Callable[[], Awaitable[RabbitBus]]


@pytest.fixture
async def url(brokers: Brokers) -> AsyncIterator[str]:
    """The address of a new vhost."""
    async with brokers.vhost() as url:
        yield url


@pytest.fixture
async def new_bus(url: str) -> AsyncIterator[OpenBus]:
    """Opens a bus on the vhost, as another process would; closes it at the end."""
    async with AsyncExitStack() as opened:

        async def new_bus() -> RabbitBus:
            bus = await open_bus(url)
            opened.push_async_callback(bus.close)
            return bus

        yield new_bus


@pytest.fixture
async def bus(new_bus: OpenBus) -> RabbitBus:
    """One bus on the vhost."""
    return await new_bus()


@pytest.fixture
async def cable(url: str) -> AsyncIterator[Cable]:
    async with laid_to(url) as cable:
        yield cable


@pytest.fixture
async def cabled(cable: Cable) -> AsyncIterator[RabbitBus]:
    """A bus at the end of the cable."""
    bus = await open_bus(cable.url)
    yield bus
    await bus.close()
