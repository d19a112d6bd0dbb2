"""Migrations against a real Postgres: once, in order, all or nothing, and with least privilege."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from libs.common.errors import Unavailable
from libs.common.migrate import check_schema, migrate, pending
from libs.common.migrations import Migration, MigrationRefused, Schema, parse
from libs.common.postgres import Database
from tests.integration.common.conftest import connect

START = parse("0001_expand_start.sql", "CREATE TABLE room (id bigserial PRIMARY KEY, title text)")
TOPIC = parse("0002_expand_topic.sql", "ALTER TABLE room ADD topic text")
NO_TITLE = parse("0003_contract_title.sql", "ALTER TABLE room DROP title")
KIND = parse("0004_expand_kind.sql", "ALTER TABLE room ADD kind text")

ROOMS = Schema("rooms", "hubbub_test_rooms", (START, TOPIC, NO_TITLE, KIND))
COLUMNS = """
    SELECT column_name::text FROM information_schema.columns
    WHERE table_schema = 'rooms' AND table_name = 'room' ORDER BY ordinal_position
"""


def with_files(*migrations: Migration) -> Schema:
    return replace(ROOMS, migrations=migrations)


async def columns(database: Database) -> list[str]:
    return [row["column_name"] for row in await database.fetch(COLUMNS)]


@pytest.fixture
async def service(empty_database: str, database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the service's own role, on a migrated schema."""
    await migrate(empty_database, ROOMS, with_contracts=True)
    connection = await asyncpg.connect(empty_database)
    # What the role may do is what counts; how it logs in differs from server to server.
    await connection.execute("SET SESSION AUTHORIZATION hubbub_test_rooms")
    await connection.execute("SET search_path = rooms")
    yield connection
    await connection.close()


async def test_an_empty_database_gets_everything(empty_database: str, database: Database) -> None:
    applied = await migrate(empty_database, ROOMS, with_contracts=True)

    assert applied == [START, TOPIC, NO_TITLE, KIND]
    assert await columns(database) == ["id", "topic", "kind"]


async def test_nothing_is_applied_twice(empty_database: str) -> None:
    await migrate(empty_database, with_files(START), with_contracts=True)

    assert await pending(empty_database, with_files(START, TOPIC)) == [TOPIC]
    assert await migrate(empty_database, with_files(START, TOPIC), with_contracts=True) == [TOPIC]
    assert await migrate(empty_database, with_files(START, TOPIC), with_contracts=True) == []


async def test_a_deploy_stops_before_the_first_contract(
    empty_database: str, database: Database
) -> None:
    await migrate(empty_database, ROOMS, with_contracts=False)

    assert await columns(database) == ["id", "title", "topic"]
    assert await pending(empty_database, ROOMS) == [NO_TITLE, KIND]


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
        await migrate(empty_database, with_files(START, broken), with_contracts=True)

    assert await columns(database) == ["id", "title"]
    assert await migrate(empty_database, with_files(START, TOPIC), with_contracts=True) == [TOPIC]


async def test_a_changed_file_is_refused(empty_database: str) -> None:
    await migrate(empty_database, with_files(START), with_contracts=True)
    changed = replace(START, sql="CREATE TABLE room ()")

    with pytest.raises(MigrationRefused, match="not the same any more"):
        await migrate(empty_database, with_files(changed), with_contracts=True)


async def test_many_at_once_apply_each_file_once(empty_database: str) -> None:
    done = await asyncio.gather(
        *(migrate(empty_database, ROOMS, with_contracts=True) for _ in range(4))
    )

    assert sorted(len(applied) for applied in done) == [0, 0, 0, 4]


async def test_a_table_in_use_is_not_waited_for_long(
    empty_database: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_database, with_files(START), with_contracts=True)
    monkeypatch.setattr("libs.common.migrate.WAIT_FOR_TABLES", "SET LOCAL lock_timeout = '50ms'")

    async with database.transaction() as connection:
        await connection.execute("SELECT 1 FROM room")
        with pytest.raises(Unavailable):
            await migrate(empty_database, with_files(START, TOPIC), with_contracts=True)


async def test_two_schemas_live_side_by_side(empty_database: str) -> None:
    auth = Schema("auth", "hubbub_test_auth", (START,))

    await migrate(empty_database, with_files(START), with_contracts=True)
    await migrate(empty_database, auth, with_contracts=True)

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
    await migrate(empty_database, auth, with_contracts=True)

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
    await migrate(empty_database, with_files(append_only), with_contracts=True)
    connection = await asyncpg.connect(empty_database)
    await connection.execute("SET SESSION AUTHORIZATION hubbub_test_rooms")

    await connection.execute("INSERT INTO rooms.audit VALUES ('logged in')")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("DELETE FROM rooms.audit")
    await connection.close()


# What a service finds when it starts


async def test_a_service_starts_on_what_it_needs(empty_database: str, database: Database) -> None:
    await migrate(empty_database, with_files(START, TOPIC), with_contracts=True)

    await check_schema(database, with_files(START, TOPIC))
    await check_schema(database, with_files(START))
    await check_schema(database, with_files(START, TOPIC, NO_TITLE))


async def test_a_service_does_not_start_on_less(empty_database: str, database: Database) -> None:
    with pytest.raises(MigrationRefused, match="Run the migrations first"):
        await check_schema(database, ROOMS)

    await migrate(empty_database, ROOMS, with_contracts=False)

    with pytest.raises(MigrationRefused, match=r"0003_contract_title\.sql"):
        await check_schema(database, ROOMS)


async def test_older_code_does_not_start_after_a_contract(
    empty_database: str, database: Database
) -> None:
    await migrate(empty_database, ROOMS, with_contracts=True)

    with pytest.raises(MigrationRefused, match="Start the newer release"):
        await check_schema(database, with_files(START, TOPIC))


async def test_no_database_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await migrate("postgresql://a@127.0.0.1:1/b", ROOMS, with_contracts=True)


async def test_the_service_itself_can_tell_what_was_applied(
    service: asyncpg.Connection, empty_database: str
) -> None:
    as_service = await connect(empty_database)

    await check_schema(as_service, ROOMS)

    await as_service.close(timeout_s=5)
