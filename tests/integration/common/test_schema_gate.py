"""Old code, new code and one schema: who may start, and who ends when something is taken away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest

from libs.common.clock import SystemClock
from libs.common.errors import Unavailable
from libs.common.migrate import LOOK_S, NOTE, SchemaGate, migrate
from libs.common.migrations import Half, MigrationRefused, Schema
from libs.common.postgres import Database
from tests.integration.common.conftest import settings_for
from tests.integration.common.schemas import NO_TITLE, ROOMS, START, TOPIC, with_files
from tests.support.clock import CountedChance, SetClock
from tests.support.waiting import eventually


async def check(database: Database, schema: Schema) -> None:
    await SchemaGate(database, schema, SetClock()).check()


async def test_a_service_starts_on_what_it_needs(empty_database: str, database: Database) -> None:
    await migrate(empty_database, with_files(START, TOPIC), half=None)

    await check(database, with_files(START, TOPIC))
    await check(database, with_files(START))
    await check(database, with_files(START, TOPIC, NO_TITLE))


async def test_a_service_does_not_start_on_less(empty_database: str, database: Database) -> None:
    with pytest.raises(MigrationRefused, match=r"lacks 0001_expand_start\.sql: run .* --expand"):
        await check(database, ROOMS)

    await migrate(empty_database, with_files(START, TOPIC), half=None)

    with pytest.raises(MigrationRefused, match=r"lacks 0004_expand_kind\.sql"):
        await check(database, ROOMS)


async def test_older_code_does_not_start_after_a_contract(
    empty_database: str, database: Database
) -> None:
    await migrate(empty_database, ROOMS, half=None)

    with pytest.raises(MigrationRefused, match="Start the newer release"):
        await check(database, with_files(START, TOPIC))


# Who runs while something is taken away


@asynccontextmanager
async def running(dsn: str, schema: Schema) -> AsyncIterator[Database]:
    """A process whose code knows the migrations of `schema`."""
    clock = SystemClock()
    database = await Database.connect(
        settings_for(dsn),
        service=schema.name,
        clock=clock,
        chance=CountedChance(),
        session_name=schema.sessions,
    )
    try:
        yield database
    finally:
        await database.close(timeout_s=5)


@pytest.mark.parametrize("half", ["contract", None])
async def test_a_contract_is_refused_while_a_process_needs_what_it_takes(
    empty_database: str, half: Half | None
) -> None:
    release = with_files(START, TOPIC, NO_TITLE)
    await migrate(empty_database, with_files(START, TOPIC), half=None)

    async with running(empty_database, with_files(START, TOPIC)):
        with pytest.raises(MigrationRefused, match="A process of rooms is running that needs"):
            await migrate(empty_database, release, half=half)

    assert await migrate(empty_database, release, half=half) == [NO_TITLE]


async def test_a_contract_is_applied_beneath_processes_that_know_it(empty_database: str) -> None:
    release = with_files(START, TOPIC, NO_TITLE)
    auth = replace(release, name="auth", migrations=(START,))
    await migrate(empty_database, with_files(START, TOPIC), half=None)

    async with running(empty_database, release), running(empty_database, auth):
        assert await migrate(empty_database, release, half="contract") == [NO_TITLE]


async def test_a_process_ends_when_something_is_taken_away_beneath_it(empty_database: str) -> None:
    old = with_files(START, TOPIC)
    await migrate(empty_database, old, half=None)
    async with running(empty_database, old) as database:
        clock = SetClock()
        watching = asyncio.create_task(SchemaGate(database, old, clock).watch())
        await eventually_sleeps(clock)
        # Who changes a schema by hand asks nobody.
        await take_away(empty_database)

        with pytest.raises(Unavailable):
            await database.fetch("SELECT title FROM room")
        await clock.advance(LOOK_S)

        async with asyncio.timeout(5):
            with pytest.raises(MigrationRefused, match="Start the newer release"):
                await watching


async def test_a_process_goes_on_while_the_schema_is_expanded_or_away(empty_database: str) -> None:
    await migrate(empty_database, with_files(START), half=None)
    async with running(empty_database, with_files(START)) as database:
        clock = SetClock()
        watching = asyncio.create_task(SchemaGate(database, with_files(START), clock).watch())
        await eventually_sleeps(clock)
        await migrate(empty_database, with_files(START, TOPIC), half="expand")
        await clock.advance(LOOK_S)
        await eventually_sleeps(clock)
        await database.close(timeout_s=5)
        await clock.advance(LOOK_S)
        await eventually_sleeps(clock)

        assert not watching.done()
        watching.cancel()


async def take_away(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("SET search_path = rooms")
    await connection.execute(NO_TITLE.sql)
    await connection.execute(NOTE, NO_TITLE.version, NO_TITLE.name, NO_TITLE.checksum)
    await connection.close()


async def eventually_sleeps(clock: SetClock) -> None:
    """Wait until the next look is yet to come."""

    async def sleepers() -> int:
        return clock.sleepers

    await eventually(sleepers, bool)
