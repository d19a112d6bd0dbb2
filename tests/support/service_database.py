"""The database of one service: migrated once for each module of tests, empty before each test.

Emptying it takes a few milliseconds, where a database for each test would take fifty. A service's
tests say whose it is by a fixture `schema`, of the scope of a module, and take `dsn`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import asyncpg
import pytest_asyncio

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.migrate import migrate
from libs.common.migrations import Schema
from libs.common.postgres import Database, DatabaseSettings
from tests.support.postgres import Databases

CLOSE_S = 30.0
CUT_S = 30.0

# Whoever logs in becomes the service's role, so tests do not depend on how a server lets roles in.
BECOME_ROLE = "SELECT format('ALTER DATABASE %I SET role = %I', current_database(), $1::text)"

# How many others were there to be cut off.
CUT_OFF = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
        AND pid <> pg_backend_pid()
"""

# One statement for all tables: what one says of another counts when all of it is done, so the order
# does not matter. TRUNCATE takes ten times as long on tables that hold a few rows.
EMPTY = """
    SELECT 'WITH ' || string_agg(format('%1$I AS (DELETE FROM %2$I.%1$I)', relname, nspname), ', ')
        || ' SELECT'
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = $1 AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'migration'
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def migrated(databases: Databases, schema: Schema) -> AsyncIterator[str]:
    """The address of the module's database."""
    async with service_database(databases, schema) as dsn:
        yield dsn


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def emptying(migrated: str, schema: Schema) -> AsyncIterator["Emptying"]:
    """What empties the module's database: a new connection would take longer than the work."""
    connection = await asyncpg.connect(migrated)
    try:
        yield await Emptying.by(connection, schema)
    finally:
        await connection.close()


@pytest_asyncio.fixture(loop_scope="module")
async def dsn(migrated: str, emptying: "Emptying") -> str:
    """The address of a migrated database with nothing in it."""
    await emptying.empty()
    return migrated


@asynccontextmanager
async def service_database(databases: Databases, schema: Schema) -> AsyncIterator[str]:
    """Yield the address of a database on which a service has the rights that it has in production.

    `SET ROLE NONE` gives a connection the rights of the one who migrates.
    """

    async def make(dsn: str) -> None:
        await migrate(dsn, schema, half=None)

    await databases.template(schema.role, make)
    async with databases.database(template=schema.role) as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute(await connection.fetchval(BECOME_ROLE, schema.role))
        await connection.close()
        yield dsn


@dataclass(frozen=True, slots=True)
class Emptying:
    """Takes every row out of a service's tables, over a connection of its own."""

    connection: asyncpg.Connection
    statement: str

    @classmethod
    async def by(cls, connection: asyncpg.Connection, schema: Schema) -> Self:
        """Give the connection the rights that it takes."""
        await connection.execute("SET ROLE NONE")
        return cls(connection, await connection.fetchval(EMPTY, schema.name))

    async def empty(self) -> None:
        """Return when nothing is left, and nobody else is connected."""
        async with asyncio.timeout(CUT_S):
            while await self.connection.fetchval(CUT_OFF):
                pass
        await self.connection.fetch(self.statement)


@asynccontextmanager
async def service_pool(dsn: str, service: str, **settings: Any) -> AsyncIterator[Database]:
    """Yield a service's pool; `settings` are those of the database."""
    clock = SystemClock()
    database = await Database.connect(
        DatabaseSettings.model_validate({"database_url": dsn} | settings),
        service=service,
        clock=clock,
        chance=SystemChance(clock),
    )
    try:
        yield database
    finally:
        await database.close(timeout_s=CLOSE_S)
