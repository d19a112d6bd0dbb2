"""The databases that tests get: their own, copied from a template that is migrated once."""

import asyncpg
import pytest

from tests.support.postgres import Databases


async def ask(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_a_template_is_migrated_once_and_copied_for_each(databases: Databases) -> None:
    migrated: list[str] = []

    async def migrate(dsn: str) -> None:
        migrated.append(dsn)
        await ask(dsn, "CREATE TABLE guest (text text)")

    for _ in range(2):
        await databases.template("guestbook", migrate)
        async with databases.database(template="guestbook") as dsn:
            await ask(dsn, "INSERT INTO guest VALUES ('Alice was here')")
            assert await ask(dsn, "SELECT count(*) FROM guest") == 1

    assert len(migrated) == 1


async def test_a_template_whose_migration_failed_is_made_anew(databases: Databases) -> None:
    async def fail(dsn: str) -> None:
        await ask(dsn, "CREATE TABLE half (done text)")
        await ask(dsn, "no SQL")

    async def succeed(dsn: str) -> None:
        await ask(dsn, "CREATE TABLE half (done text)")

    with pytest.raises(asyncpg.PostgresSyntaxError):
        await databases.template("half", fail)
    await databases.template("half", succeed)

    async with databases.database(template="half") as dsn:
        assert await ask(dsn, "SELECT count(*) FROM half") == 0


async def test_a_database_is_gone_after_its_test(databases: Databases) -> None:
    async with databases.database(template=None) as dsn:
        connection = await asyncpg.connect(dsn)

    assert connection.is_closed()
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await ask(dsn, "SELECT 1")


async def test_an_empty_database_has_no_tables(empty_database: str) -> None:
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"

    assert await ask(empty_database, tables) == 0
