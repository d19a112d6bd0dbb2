"""Brings a service's schema up to date.

Migrations are run by a role that owns the schema. The service runs as another one, which may read
and write rows and nothing else; a migration that is to give it less finds its name in
`current_setting('hubbub.role')`. Every file runs in a transaction of its own, with its schema as
the search path, and gives up rather than wait long for a table that is in use.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
import structlog

from libs.common.migrations import Applied, Migration, MigrationRefused, Schema, plan
from libs.common.postgres import Database, Outages

log = structlog.get_logger()

CONNECT_TIMEOUT_S: Final = 10.0

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


async def pending(dsn: str, schema: Schema) -> list[Migration]:
    """Return what `migrate` would apply.  Raises: MigrationRefused, Unavailable."""
    async with _owner(dsn, schema) as connection:
        return plan(await _applied(connection), schema.migrations)


async def migrate(dsn: str, schema: Schema, *, with_contracts: bool) -> list[Migration]:
    """Bring a schema up to date as the role in `dsn`, and return what was applied.

    Makes the schema, and the service's role unless it is there. Without contracts it stops before
    the first one. May be repeated, and run on several machines at once.

    Raises: MigrationRefused; Unavailable; what Postgres says to a file, none of which is kept then.
    """
    applied: list[Migration] = []
    async with _owner(dsn, schema) as connection:
        await connection.execute(WAIT_FOR_LOCK)
        await connection.fetchval(LOCK, schema.name)
        await _make_room(connection, schema)
        for migration in plan(await _applied(connection), schema.migrations):
            if migration.kind == "contract" and not with_contracts:
                break
            await _apply(connection, migration)
            applied.append(migration)
            log.info("migration_applied", schema=schema.name, migration=migration.name)
    return applied


async def check_schema(database: Database, schema: Schema) -> None:
    """Return when a service can work on its schema as it is; a contract may wait.

    Raises: MigrationRefused, Unavailable.
    """
    async with database.connection() as connection:
        has_table = await connection.fetchval(HAS_TABLE)
        rows = await connection.fetch(APPLIED) if has_table else []
    missing = plan([Applied(**row) for row in rows], schema.migrations)
    if any(migration.kind == "expand" for migration in missing):
        raise MigrationRefused(
            f"The schema {schema.name} lacks {missing[0].name}. Run the migrations first."
        )


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
