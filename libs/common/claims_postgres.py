"""Claims held in Postgres: a lock of the session for each instance.

    look -> claim the ordinal that it had, or the lowest free one -> see which are claimed
                 ^                                                          |
                 '------ the connection was lost, or ended by Postgres -----'

The session is one of its own, since a lock of a session must not live on a connection that the pool
lends to everybody. Postgres ends the session of whoever has not looked for `lease_s`: that is the
lease. Between us and Postgres there may be no proxy that lends one session to several.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Final

import asyncpg
import structlog

from libs.common.claims import Standing
from libs.common.errors import Unavailable
from libs.common.outages import Outages
from libs.common.postgres import DatabaseSettings

log = structlog.get_logger()

MAX_INSTANCES: Final = 64
"""Of one service; whoever finds no ordinal below it does without one."""

CLOSE_S: Final = 1.0
"""How long a goodbye may take; without it the lock is freed a moment later."""

CLAIM: Final = "SELECT pg_try_advisory_lock(hashtext('instance of ' || $1::text), $2)"

# Every role may read these columns of everybody's locks.
CLAIMED: Final = """
    SELECT objid::bigint AS ordinal FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 2
        AND classid = hashtext('instance of ' || $1::text)::oid
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY objid
"""


class PostgresClaim:
    """The claim of one instance of `service`, which ends `lease_s` after its last look."""

    def __init__(self, settings: DatabaseSettings, service: str, *, lease_s: float) -> None:
        self._settings = settings
        self._service = service
        self._lease_s = lease_s
        self._ordinal: int | None = None
        self._connection: asyncpg.Connection | None = None

    async def look(self) -> Standing:
        connection = self._connection
        if connection is None or connection.is_closed():
            connection = await self._claimed()
        with Outages(connection):
            rows = await connection.fetch(CLAIMED, self._service)
        live = tuple(row["ordinal"] for row in rows)
        if self._ordinal is None or self._ordinal not in live:
            raise Unavailable
        return Standing(self._ordinal, live)

    async def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Unavailable), Outages(connection):
                await connection.close(timeout=CLOSE_S)

    async def _claimed(self) -> asyncpg.Connection:
        """Return a new connection that holds an ordinal.  Raises: Unavailable."""
        with Outages():
            connection = await self._connect()
        self._connection = connection
        try:
            with Outages(connection):
                self._ordinal = await self._claim(connection)
        except BaseException:
            self._connection = None
            connection.terminate()
            raise
        log.info("ordinal_claimed", ordinal=self._ordinal)
        return connection

    async def _claim(self, connection: asyncpg.Connection) -> int:
        for ordinal in self._candidates():
            if await connection.fetchval(CLAIM, self._service, ordinal):
                return ordinal
        log.error("no_ordinal_free", max_instances=MAX_INSTANCES)
        raise Unavailable

    def _candidates(self) -> Iterator[int]:
        before = [] if self._ordinal is None else [self._ordinal]
        return chain(before, range(MAX_INSTANCES))

    async def _connect(self) -> asyncpg.Connection:
        settings = self._settings
        return await asyncpg.connect(
            settings.database_url.get_secret_value(),
            timeout=settings.database_connect_timeout_s,
            command_timeout=settings.database_command_timeout_s,
            server_settings={
                "application_name": f"hubbub-{self._service}-claim",
                "idle_session_timeout": f"{self._lease_s * 1000:.0f}",
                "statement_timeout": str(settings.database_statement_timeout_ms),
            },
        )
