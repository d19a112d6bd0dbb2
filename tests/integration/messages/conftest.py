"""Messages on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from libs.common.postgres import Database
from services.messages.app import schema
from tests.integration.messages.desk import Desk
from tests.integration.messages.house import House, house_at
from tests.support.postgres import Databases
from tests.support.service_database import empty, service_database, service_pool

SCHEMA = schema("hubbub_test_messages")


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
async def database(dsn: str) -> AsyncIterator[Database]:
    async with service_pool(dsn, SCHEMA.name) as database:
        yield database


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    async with house_at(database) as house:
        yield house


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = Desk(database)
    await desk.begin()
    return desk
