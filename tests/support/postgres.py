"""A real Postgres for the tests: one server a session, and databases on it.

The server is the first of these that is there:

1. the one in HUBBUB_TEST_DATABASE_URL, whose role must be allowed to create databases,
2. the program's own, on a temporary folder; a guard process stops it even when pytest is killed,
3. a container, which testcontainers removes.

A test of a service takes a migrated database from `tests.support.service_database`.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from importlib import import_module
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.binaries import Binaries, find_binaries
from services.nodes.postgres.options import SUPERUSER
from services.nodes.postgres.server import PostgresServer
from tests.support.folders import session_folder

_START_S = 60.0
_IMAGE = "postgres:18"


class Databases:
    """Makes and drops databases on one server."""

    def __init__(self, admin_dsn: str) -> None:
        self._admin_dsn = admin_dsn
        # Sessions that share a server must not meet.
        self._prefix = f"hubbub_test_{uuid4().hex[:8]}"
        self._count = 0
        self._templates: set[str] = set()

    async def template(self, name: str, migrate: Callable[[str], Awaitable[None]]) -> None:
        """Make the template `name` with `migrate(dsn)`, unless this session has made it.

        `migrate` must close its connections: a database in use cannot be copied.
        """
        if name in self._templates:
            return
        database = self._name(name)
        # A migration that failed before has left its database.
        await self._admin(
            f"DROP DATABASE IF EXISTS {database} WITH (FORCE)", f"CREATE DATABASE {database}"
        )
        await migrate(self._dsn(database))
        self._templates.add(name)

    @asynccontextmanager
    async def database(self, *, template: str | None) -> AsyncIterator[str]:
        """Yield the address of a new database, empty or a copy of a template; drop it at the end.

        Connections still open then are cut.
        """
        self._count += 1
        database = self._name(f"n{self._count}")
        source = "template0" if template is None else self._name(template)
        await self._admin(f"CREATE DATABASE {database} TEMPLATE {source}")
        try:
            yield self._dsn(database)
        finally:
            await self._admin(f"DROP DATABASE {database} WITH (FORCE)")

    async def close(self) -> None:
        """Drop the templates."""
        await self._admin(
            *(f"DROP DATABASE {self._name(name)} WITH (FORCE)" for name in self._templates)
        )

    def _name(self, name: str) -> str:
        return f"{self._prefix}_{name}"

    def _dsn(self, database: str) -> str:
        return urlsplit(self._admin_dsn)._replace(path=f"/{database}").geturl()

    async def _admin(self, *statements: str) -> None:
        connection = await asyncpg.connect(self._admin_dsn)
        try:
            # Each by itself: these statements refuse to run inside a transaction.
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The session's Postgres."""
    with asyncio.Runner() as runner, _server(runner) as admin_dsn:
        databases = Databases(admin_dsn)
        yield databases
        runner.run(databases.close())


@pytest.fixture
async def empty_database(databases: Databases) -> AsyncIterator[str]:
    """The address of a new database with nothing in it."""
    async with databases.database(template=None) as dsn:
        yield dsn


def _server(runner: asyncio.Runner) -> AbstractContextManager[str]:
    if given := os.environ.get("HUBBUB_TEST_DATABASE_URL"):
        return contextlib.nullcontext(given)
    try:
        binaries = find_binaries(major=None)
    except StartFailed:
        return _container()
    return _own_server(runner, binaries)


@contextmanager
def _own_server(runner: asyncio.Runner, binaries: Binaries) -> Iterator[str]:
    with session_folder() as folder:
        server = runner.run(_start(folder, binaries))
        try:
            yield server.dsn(SUPERUSER, SUPERUSER)
        finally:
            runner.run(server.stop())


async def _start(folder: DataFolder, binaries: Binaries) -> PostgresServer:
    return await PostgresServer.start(
        folder, binaries, timeout_s=_START_S, say=lambda _: None, is_durable=False
    )


@contextmanager
def _container() -> Iterator[str]:
    # Imported here: it is the last resort, and wants Docker.
    module = import_module("testcontainers.community.postgres")
    with module.PostgresContainer(_IMAGE, driver=None) as container:
        yield container.get_connection_url()
