"""Migrations against a real Postgres: once, in order, all or nothing, and with least privilege."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from libs.common.clock import SystemClock
from libs.common.errors import Unavailable
from libs.common.migrate import SchemaGate, migrate, pending
from libs.common.migrations import MigrationRefused, Schema, parse
from libs.common.postgres import Database
from tests.integration.common.conftest import connect
from tests.integration.common.schemas import KIND, NO_TITLE, ROOMS, START, TOPIC, with_files

COLUMNS = """
    SELECT column_name::text FROM information_schema.columns
    WHERE table_schema = 'rooms' AND table_name = 'room' ORDER BY ordinal_position
"""


async def columns(database: Database) -> list[str]:
    return [row["column_name"] for row in await database.fetch(COLUMNS)]


@pytest.fixture
async def service(empty_database: str, database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the service's own role, on a migrated schema."""
    await migrate(empty_database, ROOMS, half=None)
    connection = await asyncpg.connect(empty_database)
    # What the role may do is what counts; how it logs in differs from server to server.
    await connection.execute("SET SESSION AUTHORIZATION hubbub_test_rooms")
    await connection.execute("SET search_path = rooms")
    yield connection
    await connection.close()


async def test_an_empty_database_gets_everything(empty_database: str, database: Database) -> None:
    applied = await migrate(empty_database, ROOMS, half=None)

    assert applied == [START, TOPIC, NO_TITLE, KIND]
    assert await columns(database) == ["id", "topic", "kind"]


async def test_nothing_is_applied_twice(empty_database: str) -> None:
    await migrate(empty_database, with_files(START), half=None)

    assert await pending(empty_database, with_files(START, TOPIC)) == [TOPIC]
    assert await migrate(empty_database, with_files(START, TOPIC), half=None) == [TOPIC]
    assert await migrate(empty_database, with_files(START, TOPIC), half=None) == []


async def test_a_new_database_is_expanded_by_everything(
    empty_database: str, database: Database
) -> None:
    applied = await migrate(empty_database, ROOMS, half="expand")

    assert applied == [START, TOPIC, NO_TITLE, KIND]
    assert await columns(database) == ["id", "topic", "kind"]


async def test_a_deploy_expands_and_then_contracts(empty_database: str, database: Database) -> None:
    release = with_files(START, TOPIC, NO_TITLE)
    await migrate(empty_database, with_files(START), half=None)

    assert await migrate(empty_database, release, half="expand") == [TOPIC]
    assert await columns(database) == ["id", "title", "topic"]
    assert await pending(empty_database, release) == [NO_TITLE]

    assert await migrate(empty_database, release, half="contract") == [NO_TITLE]
    assert await columns(database) == ["id", "topic"]


async def test_nothing_is_expanded_before_a_contract_that_waits(empty_database: str) -> None:
    await migrate(empty_database, with_files(START, TOPIC), half=None)

    with pytest.raises(MigrationRefused, match=r"0003_contract_title\.sql is not applied"):
        await migrate(empty_database, ROOMS, half="expand")
    assert await pending(empty_database, ROOMS) == [NO_TITLE, KIND]

    assert await migrate(empty_database, ROOMS, half="contract") == [NO_TITLE]
    assert await migrate(empty_database, ROOMS, half="expand") == [KIND]


# What is asked, and what fails


async def test_asking_what_is_pending_changes_nothing(
    empty_database: str, database: Database
) -> None:
    assert await pending(empty_database, ROOMS) == list(ROOMS.migrations)

    assert await database.fetchval("SELECT to_regnamespace('rooms')") is None


async def test_a_file_that_fails_leaves_nothing_and_keeps_those_before(
    empty_database: str, database: Database
) -> None:
    broken = parse("0002_expand_broken.sql", "ALTER TABLE room ADD topic text; SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_database, with_files(START, broken), half=None)

    assert await columns(database) == ["id", "title"]
    assert await migrate(empty_database, with_files(START, TOPIC), half=None) == [TOPIC]


async def test_a_changed_file_is_refused(empty_database: str) -> None:
    await migrate(empty_database, with_files(START), half=None)
    changed = replace(START, sql="CREATE TABLE room ()")

    with pytest.raises(MigrationRefused, match="not the same any more"):
        await migrate(empty_database, with_files(changed), half=None)


async def test_many_at_once_apply_each_file_once(empty_database: str) -> None:
    done = await asyncio.gather(*(migrate(empty_database, ROOMS, half=None) for _ in range(4)))

    assert sorted(len(applied) for applied in done) == [0, 0, 0, 4]


async def test_a_table_in_use_is_not_waited_for_long(
    empty_database: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_database, with_files(START), half=None)
    monkeypatch.setattr("libs.common.migrate.WAIT_FOR_TABLES", "SET LOCAL lock_timeout = '50ms'")

    async with database.transaction() as connection:
        await connection.execute("SELECT 1 FROM room")
        with pytest.raises(Unavailable):
            await migrate(empty_database, with_files(START, TOPIC), half=None)


async def test_two_schemas_live_side_by_side(empty_database: str) -> None:
    auth = Schema("auth", "hubbub_test_auth", (START,))

    await migrate(empty_database, with_files(START), half=None)
    await migrate(empty_database, auth, half=None)

    assert await pending(empty_database, auth) == []


# The service's role


async def test_the_service_reads_and_writes_its_rows(service: asyncpg.Connection) -> None:
    await service.execute("INSERT INTO room (topic) VALUES ('tea')")
    await service.execute("UPDATE room SET topic = 'coffee'")
    assert await service.fetchval("SELECT topic FROM room") == "coffee"
    await service.execute("DELETE FROM room")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE other ()",
        "CREATE TABLE public.other ()",
        "CREATE SCHEMA other",
        "ALTER TABLE room ADD secret text",
        "DROP TABLE room",
        "TRUNCATE room",
        "CREATE INDEX ON room (topic)",
        "SET ROLE postgres",
        "COPY room TO PROGRAM 'cat'",
        "COPY room FROM '/etc/passwd'",
        "CREATE ROLE other",
        "DELETE FROM migration",
        "INSERT INTO migration (version, name, checksum) VALUES (9, 'x', 'y')",
    ],
)
async def test_the_service_may_do_nothing_else(service: asyncpg.Connection, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.execute(statement)


async def test_the_service_sees_no_other_schema(
    service: asyncpg.Connection, empty_database: str
) -> None:
    auth = Schema("auth", "hubbub_test_auth", (START,))
    await migrate(empty_database, auth, half=None)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await service.fetch("SELECT * FROM auth.room")


async def test_a_migration_may_give_the_service_less(empty_database: str) -> None:
    append_only = parse(
        "0001_expand_audit.sql",
        """
        CREATE TABLE audit (what text);
        DO $$ BEGIN
            EXECUTE format('REVOKE UPDATE, DELETE ON audit FROM %I',
                current_setting('hubbub.role'));
        END $$
        """,
    )
    await migrate(empty_database, with_files(append_only), half=None)
    connection = await asyncpg.connect(empty_database)
    await connection.execute("SET SESSION AUTHORIZATION hubbub_test_rooms")

    await connection.execute("INSERT INTO rooms.audit VALUES ('logged in')")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("DELETE FROM rooms.audit")
    await connection.close()


async def test_no_database_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await migrate("postgresql://a@127.0.0.1:1/b", ROOMS, half=None)


async def test_the_service_itself_can_tell_what_was_applied(
    service: asyncpg.Connection, empty_database: str
) -> None:
    as_service = await connect(empty_database)

    await SchemaGate(as_service, ROOMS, SystemClock()).check()

    await as_service.close(timeout_s=5)
