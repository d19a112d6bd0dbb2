"""What says that a database is absent or slow, and no mistake of ours: `Unavailable` in one word.

asyncpg says so in many ways, some of them outside its families of errors (a statement in flight
during `kill -9` of the server raises `InternalClientError`). Errors of ours (a wrong statement, a
broken constraint) come through as they are.

A statement that Postgres itself ended because it ran for too long is `StatementTooSlow`: an
`Unavailable` too, but it may be the statement's own fault. Waiting for a lock is not: that ends
sooner.
"""

from contextlib import suppress
from types import TracebackType
from typing import Final, Literal, Protocol

import asyncpg
import structlog

from libs.common.errors import ChatError, Unavailable

log = structlog.get_logger()

OUTAGES: Final = (
    OSError,  # and so every TimeoutError
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    # Shutdown, start-up, a statement that ran into its time limit.
    asyncpg.exceptions.OperatorInterventionError,
    # Too many connections, no memory, no disk.
    asyncpg.InsufficientResourcesError,
    # A deadlock or a conflict: the same transaction may work later.
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    # The primary has become a standby.
    asyncpg.ReadOnlySQLTransactionError,
    # A plan made before a migration, used inside a transaction.
    asyncpg.InvalidCachedStatementError,
)
"""What is the database's state and not our mistake."""

TAKEN_AWAY: Final = (asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError)
"""A migration has taken away what a service needs; every statement fitted the schema when it was
built. What it is asked for may not be given up for that: `SchemaGate` ends it, and a newer one goes
on.
"""


class StatementTooSlow(Unavailable):
    """The database is there and ended a statement that ran, not waited, for too long."""


class Endable(Protocol):
    """What `Outages` must know of a connection."""

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...


class Outages:
    """Turns every sign of an absent or slow database in its block into `Unavailable`.

    What has no known name counts too when `connection` is gone: then that is what happened.
    """

    def __init__(self, connection: Endable | None = None) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        if isinstance(error, Exception) and self._is_outage(error):
            self._drop_confused(error)
            is_slow = isinstance(error, asyncpg.QueryCanceledError)
            raise (StatementTooSlow if is_slow else Unavailable) from error
        return False

    def _is_outage(self, error: Exception) -> bool:
        if isinstance(error, ChatError | asyncpg.ClientConfigurationError):
            return False
        if isinstance(error, OUTAGES):
            return True
        if isinstance(error, TAKEN_AWAY):
            # Without a connection of a service this is a migration, which says what it misses.
            return self._connection is not None
        if self._connection is None:
            # Asked of a pool, this means that the pool is closed or closing.
            return isinstance(error, asyncpg.InterfaceError)
        return _is_lost(self._connection)

    def _drop_confused(self, error: Exception) -> None:
        """End a connection that no longer knows what it was doing."""
        if self._connection is not None and isinstance(error, asyncpg.InternalClientError):
            log.warning("database_connection_dropped", reason=repr(error))
            with suppress(asyncpg.InterfaceError):
                self._connection.terminate()


def _is_lost(connection: Endable) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        # The pool has taken it away while it was lent: only loss makes it do so.
        return True
