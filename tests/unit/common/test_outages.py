"""Signs of an absent database, in whichever exception they come, and what is none."""

import asyncio

import asyncpg
import pytest

from libs.common.errors import Conflict, Unavailable
from libs.common.outages import Outages, StatementTooSlow


class Lent:
    """A connection that may be lost, and may have been taken back by its pool for that."""

    def __init__(self, *, is_lost: bool = False, is_taken_back: bool = False) -> None:
        self.is_lost = is_lost
        self.is_taken_back = is_taken_back
        self.is_ended = False

    def is_closed(self) -> bool:
        if self.is_taken_back:
            raise asyncpg.InterfaceError("released back to the pool")
        return self.is_lost

    def terminate(self) -> None:
        if self.is_taken_back:
            raise asyncpg.InterfaceError("released back to the pool")
        self.is_ended = True


def raised(error: BaseException, connection: Lent | None = None) -> BaseException:
    """Return what comes out when `error` is raised inside."""
    with pytest.raises(BaseException) as outcome, Outages(connection):  # noqa: PT011
        raise error
    return outcome.value


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError("closed in the middle of operation"),
        asyncpg.InternalClientError("cannot switch to state 15"),
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.TooManyConnectionsError("sorry"),
        asyncpg.DiskFullError("no space left"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.SerializationError("conflict"),
        asyncpg.LockNotAvailableError("lock timeout"),
        asyncpg.ReadOnlySQLTransactionError("standby"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_the_databases_state_is_unavailable(error: Exception) -> None:
    outcome = raised(error, Lent())

    assert type(outcome) is Unavailable
    assert outcome.__cause__ is error


def test_a_statement_that_ran_too_long_is_told_apart() -> None:
    outcome = raised(asyncpg.QueryCanceledError("statement timeout"), Lent())

    assert type(outcome) is StatementTooSlow
    assert isinstance(outcome, Unavailable)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError("duplicate"),
        asyncpg.PostgresSyntaxError("syntax"),
        asyncpg.InterfaceError("the server expects 1 argument"),
        asyncpg.DataError("invalid input"),
        asyncpg.InvalidPasswordError("wrong"),
        asyncpg.ClientConfigurationError("no such option"),
        KeyError("row"),
        Conflict(),
        asyncio.CancelledError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_not_comes_through_as_it_is(error: BaseException) -> None:
    assert raised(error, Lent()) is error


@pytest.mark.parametrize("connection", [Lent(is_lost=True), Lent(is_taken_back=True)])
def test_on_a_lost_connection_every_error_is_an_outage(connection: Lent) -> None:
    assert type(raised(asyncpg.InterfaceError("closed"), connection)) is Unavailable
    assert type(raised(AttributeError("NoneType"), connection)) is Unavailable


def test_a_refusal_stays_a_refusal_on_a_lost_connection() -> None:
    assert type(raised(Conflict(), Lent(is_lost=True))) is Conflict


@pytest.mark.parametrize(
    "error",
    [asyncpg.UndefinedColumnError("title"), asyncpg.UndefinedTableError("room")],
    ids=lambda error: type(error).__name__,
)
def test_what_a_migration_took_away_is_unavailable_but_to_migrations(error: Exception) -> None:
    assert type(raised(error, Lent())) is Unavailable
    assert raised(error) is error


def test_a_closed_pool_is_unavailable() -> None:
    assert type(raised(asyncpg.InterfaceError("pool is closing"))) is Unavailable


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_a_connection_that_lost_track_is_not_used_again(is_taken_back: bool) -> None:
    connection = Lent(is_taken_back=is_taken_back)

    raised(asyncpg.InternalClientError("cannot switch to state 15"), connection)

    assert connection.is_ended is not is_taken_back


def test_nothing_happens_when_nothing_fails() -> None:
    with Outages(Lent()):
        pass
