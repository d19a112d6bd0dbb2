"""Postgres as a service sees it: its own schema, bounded waits, and one word for "not now".

A pool whose server was killed is a pool of dead connections: they are dropped, and the next one
that is asked for is made anew. What `libs.common.outages` takes for the database's state is
`Unavailable`; errors of ours come through as they are.

A connection goes back as it is, without the round trip that asyncpg would spend on a reset: so no
`SET` without `LOCAL`, no lock of a session and no `LISTEN` on a connection of the pool.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Any, Final, Self, TypeAlias

import asyncpg
import structlog
from pydantic import Field, SecretStr

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.outages import OUTAGES, Outages
from libs.common.retry import Backoff, retrying
from libs.common.settings import Settings

log = structlog.get_logger()

Connection: TypeAlias = asyncpg.pool.PoolConnectionProxy

PROBE: Final = "SELECT 1"

JSONB_VERSION: Final = b"\x01"

IN_ROWS: Final = "SELECT NULL::uuid[]"
"""Types that a statement may return inside a `ROW(...)`. asyncpg learns how to read one when it
prepares a statement that names it, and does not look into rows: a new connection whose first
statement has one there would fail.
"""


class DatabaseSettings(Settings):
    """How a service uses Postgres."""

    database_url: SecretStr
    """Where Postgres is and as whom: `postgresql://role:password@host:5432/database`."""

    database_max_connections: int = Field(default=8, ge=1)
    """How many statements may run at once; others wait for a connection."""

    database_wait_s: float = Field(default=60.0, ge=0)
    """How long to wait at the start for a database that is not there yet."""

    database_connect_timeout_s: float = Field(default=5.0, gt=0)
    """How long to wait for a free connection, new or used, before answering "unavailable"."""

    database_command_timeout_s: float = Field(default=5.0, gt=0)
    """How long to wait for the answer to a statement."""

    database_statement_timeout_ms: int = Field(default=4000, gt=0)
    """When Postgres itself ends a statement; shorter than the wait for its answer."""

    database_lock_timeout_ms: int = Field(default=3000, gt=0)
    """When Postgres gives up waiting for a lock; shorter than the time of a statement, so that who
    waits for others is not taken for slow.
    """

    database_idle_in_transaction_timeout_ms: int = Field(default=10_000, gt=0)
    """When Postgres ends a transaction in which nothing happens, so that its locks are freed."""


class Database:
    """A pool of connections to one service's schema."""

    def __init__(self, pool: asyncpg.Pool, *, acquire_timeout_s: float) -> None:
        self._pool = pool
        self._acquire_timeout_s = acquire_timeout_s

    @classmethod
    async def connect(
        cls,
        settings: DatabaseSettings,
        *,
        service: str,
        clock: Clock,
        chance: Chance,
        session_name: str | None = None,
    ) -> Self:
        """Open a pool for the service whose schema has its name; wait for the database.

        Whoever works on the schema for long calls its sessions by `Schema.sessions`.

        Raises: Unavailable when it is not there in time; what asyncpg raises for a wrong password
        or name at once.
        """

        async def attempt() -> Self:
            try:
                return await cls._open(settings, service, session_name or f"hubbub-{service}")
            except Unavailable as error:
                log.warning("database_not_reached", reason=repr(error.__cause__))
                raise

        return await retrying(
            attempt,
            for_s=settings.database_wait_s,
            delay_s=Backoff(first_s=0.1, max_s=2.0, chance=chance).delay_s,
            clock=clock,
        )

    @classmethod
    async def _open(cls, settings: DatabaseSettings, service: str, session_name: str) -> Self:
        with Outages():
            pool = await asyncpg.create_pool(
                settings.database_url.get_secret_value(),
                # No floor: asyncpg keeps one up with a traceback in the log per try.
                min_size=0,
                max_size=settings.database_max_connections,
                timeout=settings.database_connect_timeout_s,
                command_timeout=settings.database_command_timeout_s,
                init=_prepare_connection,
                reset=_keep_as_it_is,
                server_settings={
                    "application_name": session_name,
                    "search_path": service,
                    "timezone": "UTC",
                    "statement_timeout": str(settings.database_statement_timeout_ms),
                    "lock_timeout": str(settings.database_lock_timeout_ms),
                    "idle_in_transaction_session_timeout": str(
                        settings.database_idle_in_transaction_timeout_ms
                    ),
                },
            )
        database = cls(pool, acquire_timeout_s=settings.database_connect_timeout_s)
        with ExitStack() as undo:
            undo.callback(pool.terminate)
            await database.check()
            undo.pop_all()
        return database

    async def fetch(self, query: str, *args: Any) -> list[asyncpg.Record]:
        async with self.connection() as connection:
            return await connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> asyncpg.Record | None:
        async with self.connection() as connection:
            return await connection.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        async with self.connection() as connection:
            return await connection.fetchval(query, *args)

    async def execute(self, query: str, *args: Any) -> str:
        async with self.connection() as connection:
            return await connection.execute(query, *args)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection.

        Raises: Unavailable when there is none in time, and for everything in the block that is the
        database's state. Whether the last statement was done is not known then.
        """
        with Outages():
            connection = await self._pool.acquire(timeout=self._acquire_timeout_s)
        try:
            with Outages(connection):
                yield connection
        finally:
            # The work is done or has failed already: a connection that is lost now changes nothing.
            with suppress(asyncpg.InterfaceError, *OUTAGES):
                await self._pool.release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Lend a connection in a transaction that commits with the block or not at all."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def check(self) -> None:
        """Return when the database answers.  Raises: Unavailable."""
        await self.fetchval(PROBE)

    async def close(self, timeout_s: float) -> None:
        """Wait for those who use a connection, then cut them off."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._pool.close()
        except TimeoutError:
            log.warning("database_connections_cut")


async def _prepare_connection(connection: asyncpg.Connection) -> None:
    """Let `jsonb` come and go as bytes, as models read and write it themselves, and have the types
    known that rows may hold.
    """
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda document: JSONB_VERSION + document,
        decoder=lambda stored: stored[1:],
    )
    await connection.fetchval(IN_ROWS)


async def _keep_as_it_is(_: asyncpg.Connection) -> None:
    """Spend nothing on a connection that comes back; see the top of this file."""
