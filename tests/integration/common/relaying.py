"""A service with an outbox, its relays, and a bus that may fail them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from libs.common.clock import Clock, SystemClock
from libs.common.outbox import TABLE, TRIES_TABLE, OutboxRow, put
from libs.common.postgres import Database
from libs.common.relay import Relay
from tests.integration.common.conftest import connect

FAR_OFF_S = 3600.0
COMES_S = 5.0


@dataclass
class Bus:
    """Keeps what it is handed; may be told to fail before or after it has taken it over."""

    taken: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    set_aside: list[int] = field(default_factory=list)
    fails_before: list[Exception] = field(default_factory=list)
    fails_after: list[BaseException] = field(default_factory=list)
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.is_open.set()

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        self.is_asked.set()
        await self.is_open.wait()
        if self.fails_before:
            raise self.fails_before.pop(0)
        self.taken += [row.body.decode() for row in rows]
        self.batches.append(len(rows))
        self.news.set()
        if self.fails_after:
            raise self.fails_after.pop(0)

    async def has(self, *taken: str) -> None:
        """Return when exactly these were taken."""
        async with asyncio.timeout(COMES_S):
            while self.taken != list(taken):
                self.news.clear()
                await self.news.wait()


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
async def store(empty_database: str) -> AsyncIterator[Database]:
    """The database of a service with an outbox."""
    database = await connect(empty_database)
    await database.execute("CREATE SCHEMA rooms")
    await database.execute(TABLE)
    await database.execute(TRIES_TABLE)
    yield database
    await database.close(timeout_s=5)


def relay_of(
    store: Database,
    bus: Bus,
    *,
    max_rows: int = 100,
    poll_s: float = FAR_OFF_S,
    clock: Clock | None = None,
) -> Relay:
    return Relay(
        store,
        bus.publish,
        max_rows=max_rows,
        poll_s=poll_s,
        delay_s=lambda failures: failures / 1000,
        on_set_aside=bus.set_aside.append,
        clock=clock or SystemClock(),
    )


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    task = asyncio.create_task(relay.run())
    yield relay
    task.cancel()
    await asyncio.wait({task})


async def change(store: Database, *texts: str, key: str = "tea") -> None:
    async with store.transaction() as connection:
        for text in texts:
            await put(connection, row(text, key))


def row(text: str, key: str = "tea") -> OutboxRow:
    return OutboxRow(key, "rooms.room.updated", text.encode())
