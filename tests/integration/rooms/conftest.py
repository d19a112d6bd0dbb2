"""Rooms on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import pytest

from libs.common.contracts.people import SystemRole
from libs.common.migrations import Schema
from services.rooms.app import schema as schema_of
from tests.integration.rooms.house import House, Resident, house_at

SCHEMA = schema_of("hubbub_test_rooms")


@pytest.fixture(scope="module")
def schema() -> Schema:
    return SCHEMA


@pytest.fixture
async def house(dsn: str) -> AsyncIterator[House]:
    async with house_at(dsn) as house:
        yield house


@pytest.fixture
async def alice(house: House) -> Resident:
    return await house.resident("Alice")


@pytest.fixture
async def bob(house: House) -> Resident:
    return await house.resident("Bob")


@pytest.fixture
async def charlie(house: House) -> Resident:
    return await house.resident("Charlie")


@pytest.fixture
async def olga(house: House) -> Resident:
    """The owner of the whole system."""
    return await house.resident("Olga", system_role=SystemRole.OWNER)
