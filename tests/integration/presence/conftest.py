"""Presence on a real Postgres and the in-process bus."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.migrate import migrate
from libs.common.postgres import Database, DatabaseSettings
from services.presence.app import schema
from services.presence.settings import PresenceSettings
from services.presence.store import Store
from tests.integration.presence.house import SOON_S, House, running, until_whole
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


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """Return a running service that knows who is there: nobody."""
    settings = PresenceSettings(settle_s=SOON_S, small_window_s=SOON_S)
    async with running(database, settings) as house:
        await until_whole(house)
        yield house


@pytest.fixture
async def starting(database: Database) -> AsyncIterator[House]:
    """Return a running service that waits for the gateways."""
    settings = PresenceSettings(settle_s=0.5, small_window_s=SOON_S)
    async with running(database, settings) as house:
        yield house
