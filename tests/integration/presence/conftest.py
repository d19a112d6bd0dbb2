"""Presence on a real Postgres and the in-process bus."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.migrate import migrate
from libs.common.postgres import Database, DatabaseSettings
from services.presence.app import schema
from services.presence.store import Store
from tests.support.postgres import Databases


async def make_schema(dsn: str) -> None:
    await migrate(dsn, schema("presence_test"), half=None)


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    await databases.template("presence", make_schema)
    async with databases.database(template="presence") as dsn:
        clock = SystemClock()
        database = await Database.connect(
            DatabaseSettings(database_url=SecretStr(dsn)),
            service="presence",
            clock=clock,
            chance=SystemChance(clock),
        )
        yield database
        await database.close(timeout_s=5)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)
