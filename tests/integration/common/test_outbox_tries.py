"""A row that ends every process that publishes it is set aside in the end, and no other row is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from libs.common.bus.worker import CHUNK_AFTER_TRIES, MAX_TRIES
from libs.common.errors import TimedOut, Unavailable
from libs.common.metrics import Metrics
from libs.common.outbox import TRIES_TABLE, OutboxRow
from libs.common.outbox_tries import set_aside_gauge
from libs.common.postgres import Database
from tests.integration.common.relaying import Bus, bus, change, relay_of, running, store

__all__ = ["bus", "store"]  # fixtures that pytest finds by these names


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Fragile(Bus):
    """Ends the process when it is handed the poison."""

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        if b"poison" in {row.body for row in rows}:
            raise Crash
        await super().publish(rows)


async def live(store: Database, bus: Bus) -> bool:
    """Be a process that publishes what it can, and return whether it outlived that."""
    relay = relay_of(store, bus)
    try:
        while await relay.relay_some():
            pass
    except Crash:
        return False
    return True


async def tries(store: Database) -> list[int]:
    return [row["tries"] for row in await store.fetch("SELECT tries FROM outbox_try ORDER BY id")]


async def test_a_row_that_ends_every_process_is_set_aside(store: Database) -> None:
    bus = Fragile()
    await change(store, "a", "poison", "b")

    lives = [await live(store, bus) for _ in range(MAX_TRIES + 1)]

    assert lives == [False] * MAX_TRIES + [True]
    assert bus.taken == ["a", "b"]
    assert bus.set_aside == [0] * MAX_TRIES + [1]
    assert await store.fetchval("SELECT body FROM outbox") == b"poison"


async def test_its_neighbours_leave_before_it_is_set_aside(store: Database) -> None:
    bus = Fragile()
    most = CHUNK_AFTER_TRIES[0]
    await change(store, *(f"before {n}" for n in range(most + 10)), "poison", "after")

    for _ in range(len(CHUNK_AFTER_TRIES)):
        await live(store, bus)

    assert len(bus.taken) == most + 10
    assert await tries(store) == [3, 2]


async def test_what_is_set_aside_is_told_at_every_start(store: Database) -> None:
    await change(store, "poison")
    for _ in range(MAX_TRIES):
        await live(store, Fragile())

    with capture_logs() as lines:
        await live(store, Fragile())

    [line] = [line for line in lines if line["event"] == "outbox_rows_set_aside"]
    assert (line["count"], len(line["ids"])) == (1, 1)


async def test_what_was_set_aside_leaves_when_its_tries_are_forgotten(
    store: Database, bus: Bus
) -> None:
    await change(store, "poison")
    for _ in range(MAX_TRIES):
        await live(store, Fragile())

    await store.execute("DELETE FROM outbox_try")
    await live(store, bus)

    assert bus.taken == ["poison"]


@pytest.mark.parametrize("failure", [Unavailable(), TimedOut(), asyncio.CancelledError()])
async def test_a_try_that_the_process_outlives_does_not_count(
    store: Database, bus: Bus, failure: BaseException
) -> None:
    await change(store, "a")

    for _ in range(2 * MAX_TRIES):
        bus.fails_after = [failure]
        with pytest.raises(type(failure)):
            await relay_of(store, bus).relay_some()

    assert await tries(store) == [0]
    assert await live(store, bus)


async def test_what_the_process_itself_put_is_not_counted(store: Database, bus: Bus) -> None:
    relay = relay_of(store, bus)
    await relay.relay_some()
    await change(store, "a")
    bus.fails_after = [Crash()]

    with pytest.raises(Crash):
        await relay.relay_some()

    assert await tries(store) == []


async def test_what_has_left_leaves_no_count(store: Database, bus: Bus) -> None:
    await change(store, "a", "b")

    await live(store, bus)

    assert bus.taken == ["a", "b"]
    assert await tries(store) == []


async def test_one_that_relays_is_not_disturbed(store: Database, bus: Bus) -> None:
    bus.is_open.clear()
    await change(store, "a")
    first = asyncio.create_task(relay_of(store, bus).relay_some())
    await bus.is_asked.wait()

    assert await relay_of(store, bus).relay_some() is None
    bus.is_open.set()
    assert await first == 1


async def test_many_rows_that_were_left_all_leave_at_once(store: Database, bus: Bus) -> None:
    texts = [str(n) for n in range(3 * CHUNK_AFTER_TRIES[0])]
    await change(store, *texts)

    async with running(relay_of(store, bus)):
        await bus.has(*texts)


@pytest.mark.parametrize("service", ["auth", "rooms"])
def test_every_outbox_has_its_table_of_tries(service: str) -> None:
    migration = Path(f"services/{service}/migrations/0002_expand_outbox_tries.sql").read_text()

    assert TRIES_TABLE.split() == migration.rpartition(".py.")[2].replace(";", "").split()


def test_how_much_is_set_aside_is_a_metric_of_its_service() -> None:
    registry = CollectorRegistry()

    set_aside_gauge(Metrics(registry, "rooms")).set(2)

    assert registry.get_sample_value("chat_rooms_outbox_set_aside_count") == 2
