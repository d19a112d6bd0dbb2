"""A service's pool: its connections, and what happens when the server is not there."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import asyncpg
import pytest

from libs.common.errors import Unavailable
from libs.common.outages import StatementTooSlow
from libs.common.postgres import Database
from tests.integration.common.conftest import connect, until_it_works

SETTING = "SELECT current_setting($1)"
SLEEPING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event = 'PgSleep' AND datname = current_database()
"""


async def cut_off(dsn: str, name: str = "hubbub-rooms") -> None:
    """End all connections of the pool on the server's side."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", name
    )
    await connection.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("application_name", "hubbub-rooms"),
        ("search_path", "rooms"),
        ("statement_timeout", "4s"),
        ("lock_timeout", "3s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("TimeZone", "UTC"),
    ],
)
async def test_every_connection_is_set_up(database: Database, setting: str, value: str) -> None:
    assert await database.fetchval(SETTING, setting) == value


async def test_statements_return_what_asyncpg_returns(database: Database) -> None:
    assert await database.fetchval("SELECT 1") == 1
    assert await database.fetchrow("SELECT 1 AS one WHERE false") is None
    assert [row["n"] for row in await database.fetch("SELECT generate_series(1, 3) AS n")] == [
        1,
        2,
        3,
    ]
    assert await database.execute("CREATE TEMPORARY TABLE t ()") == "CREATE TABLE"


async def test_jsonb_comes_and_goes_as_bytes(database: Database) -> None:
    stored = await database.fetchval("SELECT $1::jsonb", b'{"text": "caf\xc3\xa9", "n": 1}')

    assert stored == b'{"n": 1, "text": "caf\xc3\xa9"}'


async def test_a_new_connection_reads_a_list_of_ids_inside_a_row(database: Database) -> None:
    one = UUID(int=1)

    row = await database.fetchval(
        "SELECT ROW(1, ARRAY['00000000-0000-0000-0000-000000000001'::uuid])"
    )

    assert row == (1, [one])


async def test_a_transaction_commits_with_its_block(database: Database) -> None:
    await database.execute("CREATE SCHEMA rooms CREATE TABLE note (text text)")

    async with database.transaction() as connection:
        await connection.execute("INSERT INTO note VALUES ('kept')")

    assert await database.fetchval("SELECT text FROM note") == "kept"


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    await database.execute("CREATE SCHEMA rooms CREATE TABLE note (text text)")

    async def fail() -> None:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO note VALUES ('lost')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await database.fetchval("SELECT count(*) FROM note") == 0


async def test_mistakes_of_ours_come_through_as_they_are(database: Database) -> None:
    with pytest.raises(asyncpg.UndefinedFunctionError):
        await database.fetch("SELECT no_such_function()")
    with pytest.raises(asyncpg.DataError):
        await database.fetch("SELECT $1::int", "seven")
    with pytest.raises(asyncpg.InterfaceError):
        await database.fetch("SELECT $1::int")


async def use_fetch(database: Database) -> None:
    await database.fetch("SELECT pg_sleep(5)")


async def use_transaction(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("SELECT pg_sleep(5)")


@pytest.mark.parametrize("use", [use_fetch, use_transaction])
async def test_a_connection_cut_in_the_middle_is_unavailable(
    database: Database, empty_database: str, use: Callable[[Database], Awaitable[None]]
) -> None:
    using = asyncio.ensure_future(use(database))
    await until_it_works(partial(sleeps, database))

    await cut_off(empty_database)

    with pytest.raises(Unavailable):
        await using
    await until_it_works(database.check)


async def sleeps(database: Database) -> None:
    """Return when the other connection of the pool is inside its statement."""
    if not await database.fetchval(SLEEPING):
        raise Unavailable


async def test_a_connection_cut_between_two_statements_is_unavailable(
    database: Database, empty_database: str
) -> None:
    async def use() -> None:
        async with database.transaction() as connection:
            await connection.execute("SELECT 1")
            await cut_off(empty_database)
            await connection.execute("SELECT 1")

    with pytest.raises(Unavailable):
        await use()
    await until_it_works(database.check)


async def test_idle_connections_that_were_cut_are_replaced(
    database: Database, empty_database: str
) -> None:
    await database.check()

    await cut_off(empty_database)

    await until_it_works(database.check)


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(empty_database: str) -> None:
    database = await connect(empty_database, database_statement_timeout_ms=50)

    with pytest.raises(StatementTooSlow) as refusal:
        await database.fetch("SELECT pg_sleep(5)")

    assert isinstance(refusal.value.__cause__, asyncpg.QueryCanceledError)
    # With so little time a busy machine may end this one too.
    await until_it_works(database.check)
    await database.close(timeout_s=5)


async def test_waiting_for_a_lock_is_not_being_slow(empty_database: str) -> None:
    database = await connect(
        empty_database, database_statement_timeout_ms=1000, database_lock_timeout_ms=50
    )

    async with database.transaction() as holder:
        await holder.execute("SELECT pg_advisory_xact_lock(1)")
        with pytest.raises(Unavailable) as refusal:
            await database.fetch("SELECT pg_advisory_xact_lock(1)")

    assert type(refusal.value) is Unavailable
    assert isinstance(refusal.value.__cause__, asyncpg.LockNotAvailableError)
    await database.close(timeout_s=5)


async def test_an_answer_that_does_not_come_is_not_waited_for(empty_database: str) -> None:
    # Long enough for what a new connection asks, on a busy machine too.
    database = await connect(empty_database, database_command_timeout_s=1.0)

    with pytest.raises(Unavailable) as refusal:
        await database.fetch("SELECT pg_sleep(5)")

    assert isinstance(refusal.value.__cause__, TimeoutError)
    await database.check()
    await database.close(timeout_s=5)


async def test_a_used_up_pool_is_unavailable_in_time(empty_database: str) -> None:
    database = await connect(
        empty_database, database_max_connections=1, database_connect_timeout_s=0.2
    )

    async with database.connection():
        with pytest.raises(Unavailable):
            await database.check()

    await database.check()
    await database.close(timeout_s=5)


async def test_a_deadlock_may_be_tried_again(database: Database) -> None:
    await database.execute("CREATE SCHEMA rooms CREATE TABLE pair (id int)")
    await database.execute("INSERT INTO pair VALUES (1), (2)")
    both_hold_one = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> None:
        async with database.transaction() as connection:
            await connection.execute("SET LOCAL deadlock_timeout = '10ms'")
            await connection.execute("SELECT 1 FROM pair WHERE id = $1 FOR UPDATE", first)
            await both_hold_one.wait()
            await connection.execute("SELECT 1 FROM pair WHERE id = $1 FOR UPDATE", second)

    outcomes = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)

    losers = [outcome for outcome in outcomes if outcome is not None]
    assert [type(loser) for loser in losers] == [Unavailable]
    assert isinstance(losers[0].__cause__, asyncpg.DeadlockDetectedError)


async def test_a_closed_pool_is_unavailable(empty_database: str) -> None:
    database = await connect(empty_database)
    await database.close(timeout_s=5)

    with pytest.raises(Unavailable):
        await database.check()


async def test_closing_cuts_off_those_who_hold_on(empty_database: str) -> None:
    database = await connect(empty_database)

    async def hold_on() -> None:
        async with database.connection() as connection:
            await database.close(timeout_s=0.05)
            await connection.execute("SELECT 1")

    with pytest.raises(Unavailable):
        await hold_on()


async def test_nobody_there_is_unavailable_after_the_wait() -> None:
    nowhere = "postgresql://rooms:secret@127.0.0.1:1/nowhere"

    with pytest.raises(Unavailable):
        await connect(nowhere, database_wait_s=0.05)


async def test_a_wrong_name_is_told_at_once(empty_database: str) -> None:
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await connect(empty_database.replace("/hubbub_test_", "/no_such_"), database_wait_s=60)
