"""Rooms on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from libs.common.contracts.people import SystemRole
from services.rooms.app import schema
from tests.integration.rooms.house import House, Resident, house_at
from tests.support.postgres import Databases
from tests.support.service_database import empty, service_database

SCHEMA = schema("hubbub_test_rooms")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def migrated(databases: Databases) -> AsyncIterator[str]:
    async with service_database(databases, SCHEMA) as dsn:
        yield dsn


@pytest.fixture
async def dsn(migrated: str) -> str:
    """The address of a migrated database with nothing in it."""
    await empty(migrated, SCHEMA)
    return migrated


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
