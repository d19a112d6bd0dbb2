"""Messages on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import pytest

from libs.common.migrations import Schema
from libs.common.postgres import Database
from services.messages.app import schema as schema_of
from tests.integration.messages.desk import Desk
from tests.integration.messages.house import House, house_at
from tests.support.service_database import service_pool

SCHEMA = schema_of("hubbub_test_messages")


@pytest.fixture(scope="module")
def schema() -> Schema:
    return SCHEMA


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
