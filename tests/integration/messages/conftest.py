"""Messages on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from pydantic import SecretStr

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.migrate import migrate
from libs.common.postgres import Database, DatabaseSettings
from services.messages.app import schema
from tests.integration.messages.desk import Desk
from tests.integration.messages.house import House, house_at
from tests.support.postgres import Databases

# Whoever logs in becomes the service's role, so tests do not depend on how a server lets roles in.
BECOME_ROLE = """
    DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET role = hubbub_test_messages', current_database());
    END $$
"""


async def migrate_messages(dsn: str) -> None:
    await migrate(dsn, schema("hubbub_test_messages"), with_contracts=True)


@pytest.fixture
async def dsn(databases: Databases) -> AsyncIterator[str]:
    """The address of a migrated database."""
    await databases.template("messages", migrate_messages)
    async with databases.database(template="messages") as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute(BECOME_ROLE)
        await connection.close()
        yield dsn


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    clock = SystemClock()
    database = await Database.connect(
        DatabaseSettings(database_url=SecretStr(dsn)),
        service="messages",
        clock=clock,
        chance=SystemChance(clock),
    )
    yield database
    await database.close(timeout_s=5)


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    async with house_at(database) as house:
        yield house


@pytest.fixture
async def desk(database: Database) -> Desk:
    desk = Desk(database)
    await desk.begin()
    return desk
