"""Rooms on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from libs.common.contracts.people import SystemRole
from libs.common.migrate import migrate
from services.rooms.app import schema
from tests.integration.rooms.house import House, Resident, house_at
from tests.support.postgres import Databases

# Whoever logs in becomes the service's role, so tests do not depend on how a server lets roles in.
BECOME_ROLE = """
    DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET role = hubbub_test_rooms', current_database());
    END $$
"""


async def migrate_rooms(dsn: str) -> None:
    await migrate(dsn, schema("hubbub_test_rooms"), with_contracts=True)


@pytest.fixture
async def dsn(databases: Databases) -> AsyncIterator[str]:
    """The address of a migrated database."""
    await databases.template("rooms", migrate_rooms)
    async with databases.database(template="rooms") as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute(BECOME_ROLE)
        await connection.close()
        yield dsn


@pytest.fixture
async def house(dsn: str) -> AsyncIterator[House]:
    async with house_at(dsn) as house:
        await house.listen()
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
