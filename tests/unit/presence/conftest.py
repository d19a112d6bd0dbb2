import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.clock import settle
from tests.unit.presence.house import House


@pytest.fixture
async def house() -> House:
    """Return presence with a roster that is whole; only what a test does happens."""
    house = House()
    await house.open()
    house.roster.is_whole = True
    return house


@pytest.fixture
async def starting() -> AsyncIterator[House]:
    """Presence as it starts, with its workers."""
    house = House()
    await house.open()
    working = [asyncio.create_task(run()) for run in (house.leases.run, house.telling.run)]
    await settle()
    yield house
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
