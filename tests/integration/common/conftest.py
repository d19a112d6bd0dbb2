"""A database with one service's schema, and the service's pool on it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from libs.common.clock import SystemClock
from libs.common.postgres import Database, DatabaseSettings
from libs.common.retry import retrying
from tests.support.clock import CountedChance

SERVICE = "rooms"


def settings_for(dsn: str, **changes: object) -> DatabaseSettings:
    return DatabaseSettings.model_validate({"database_url": dsn, **changes})


async def connect(dsn: str, **changes: object) -> Database:
    return await Database.connect(
        settings_for(dsn, **changes), service=SERVICE, clock=SystemClock(), chance=CountedChance()
    )


async def until_it_works(work: Callable[[], Awaitable[None]]) -> None:
    """Try again while it raises `Unavailable`."""
    await retrying(work, for_s=5, delay_s=lambda _: 0.01, clock=SystemClock())


@pytest.fixture
async def database(empty_database: str) -> AsyncIterator[Database]:
    """A pool of two connections whose search path is a schema that nobody has made yet."""
    database = await connect(empty_database, database_max_connections=2)
    yield database
    await database.close(timeout_s=5)
