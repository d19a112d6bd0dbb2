"""Brings a service's schema up to date, and tells a service whether it is.

Migrations are run by a role that owns the schema. The service runs as another one, which may read
and write rows and nothing else; a migration that is to give it less finds its name in
`current_setting('hubbub.role')`. Every file runs in a transaction of its own, with its schema as
the search path, and gives up rather than wait long for a table that is in use.

A contract is refused while a process that needs what it takes away is connected: the names of its
sessions say which migrations its code knows.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg
import structlog

from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.migrations import (
    EXPAND,
    Applied,
    Half,
    Migration,
    MigrationRefused,
    Schema,
    check_known,
    half_of,
    plan,
)
from libs.common.outages import Outages
from libs.common.postgres import Database

log = structlog.get_logger()

CONNECT_TIMEOUT_S: Final = 10.0

LOOK_S: Final = 5.0
"""How often a process looks whether its schema still fits. It keeps a session open with that."""

# One migration of a schema at a time, whichever machine it is started from.
LOCK: Final = "SELECT pg_advisory_lock(hashtextextended('migrate ' || $1, 0))"

# How long to wait for another migration to end, and for a table that is in use. Everybody who wants
# the table queues up behind a migration that waits for it, so that wait is short.
WAIT_FOR_LOCK: Final = "SET lock_timeout = '60s'"
WAIT_FOR_TABLES: Final = "SET LOCAL lock_timeout = '5s'"

# A role without a password cannot log in where one is asked for: the operator sets it.
MAKE_ROLE: Final = """
    DO $$ BEGIN
        EXECUTE format('CREATE ROLE %I LOGIN', current_setting('hubbub.role'));
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$
"""
HAS_ROLE: Final = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)"

MAKE_SCHEMA: Final = """
    DO $$
    DECLARE
        schema text := current_setting('hubbub.schema');
        role text := current_setting('hubbub.role');
    BEGIN
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', schema);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema, role);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I
            GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', schema, role);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I
            GRANT USAGE, SELECT ON SEQUENCES TO %I', schema, role);
    END $$
"""

# The service may look which migrations were applied, not say so.
MAKE_TABLE: Final = """
    CREATE TABLE IF NOT EXISTS migration (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
    DO $$ BEGIN
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON migration FROM %I',
            current_setting('hubbub.role'));
    END $$
"""

NAME_SCHEMA_AND_ROLE: Final = """
    SELECT set_config('hubbub.schema', $1, false),
        set_config('hubbub.role', $2, false),
        set_config('search_path', quote_ident($1), false)
"""

HAS_TABLE: Final = "SELECT to_regclass('migration') IS NOT NULL"
APPLIED: Final = "SELECT version, name, checksum FROM migration ORDER BY version"
NOTE: Final = "INSERT INTO migration (version, name, checksum) VALUES ($1, $2, $3)"

# Everybody may read the names of everybody's sessions.
SESSIONS: Final = """
    SELECT DISTINCT application_name FROM pg_stat_activity
    WHERE datname = current_database() AND starts_with(application_name, $1)
"""


async def pending(dsn: str, schema: Schema) -> list[Migration]:
    """Return what `migrate` would apply.  Raises: MigrationRefused, Unavailable."""
    async with _owner(dsn, schema) as connection:
        return plan(await _applied(connection), schema.migrations)


async def migrate(dsn: str, schema: Schema, *, half: Half | None) -> list[Migration]:
    """Bring a schema up to date as the role in `dsn`, and return what was applied.

    Makes the schema, and the service's role unless it is there. `half=None` applies both halves.
    May be repeated, and run on several machines at once.

    Raises: MigrationRefused; Unavailable; what Postgres says to a file, none of which is kept then.
    """
    applied: list[Migration] = []
    async with _owner(dsn, schema) as connection:
        await connection.execute(WAIT_FOR_LOCK)
        await connection.fetchval(LOCK, schema.name)
        await _make_room(connection, schema)
        done = await _applied(connection)
        missing = plan(done, schema.migrations)
        due = missing if half is None else half_of(missing, half, is_new=not done)
        for migration in due:
            if migration.kind == "contract":
                names = await connection.fetch(SESSIONS, schema.sessions_of_any)
                check_known([row["application_name"] for row in names], schema, migration)
            await _apply(connection, migration)
            applied.append(migration)
            log.info("migration_applied", schema=schema.name, migration=migration.name)
    return applied


class SchemaGate:
    """Keeps a service from working on a schema that its code cannot work with."""

    def __init__(self, database: Database, schema: Schema, clock: Clock) -> None:
        """`schema` need not name the role: here it is only looked at."""
        self._database = database
        self._schema = schema
        self._clock = clock

    async def check(self) -> None:
        """Return when the schema has what this code needs; a contract may wait.

        Raises: MigrationRefused, Unavailable.
        """
        name = self._schema.name
        async with self._database.connection() as connection:
            has_table = await connection.fetchval(HAS_TABLE)
            rows = await connection.fetch(APPLIED) if has_table else []
        missing = plan([Applied(**row) for row in rows], self._schema.migrations)
        expands = [migration for migration in missing if migration.kind == "expand"]
        if expands:
            raise MigrationRefused(
                f"The schema {name} lacks {expands[0].name}: run {EXPAND} of this release first."
            )

    async def watch(self) -> None:
        """Look again and again, until the schema is one that this code cannot work with.

        Raises: MigrationRefused.
        """
        while True:
            await self._clock.sleep(LOOK_S)
            # A database that is away is told of by those who need it now.
            with suppress(Unavailable):
                await self.check()


@asynccontextmanager
async def _owner(dsn: str, schema: Schema) -> AsyncIterator[asyncpg.Connection]:
    """Lend a connection of its own, so that closing it frees the lock whatever happened."""
    with Outages():
        connection = await asyncpg.connect(dsn, timeout=CONNECT_TIMEOUT_S)
        try:
            await connection.execute(NAME_SCHEMA_AND_ROLE, schema.name, schema.role)
            yield connection
        finally:
            await connection.close(timeout=CONNECT_TIMEOUT_S)


async def _make_room(connection: asyncpg.Connection, schema: Schema) -> None:
    async with connection.transaction():
        if not await connection.fetchval(HAS_ROLE, schema.role):
            await connection.execute(MAKE_ROLE)
        await connection.execute(MAKE_SCHEMA)
        await connection.execute(MAKE_TABLE)


async def _applied(connection: asyncpg.Connection) -> list[Applied]:
    if not await connection.fetchval(HAS_TABLE):
        return []
    return [Applied(**row) for row in await connection.fetch(APPLIED)]


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute(WAIT_FOR_TABLES)
        await connection.execute(migration.sql)
        await connection.execute(NOTE, migration.version, migration.name, migration.checksum)
