"""What a transaction puts leaves the service when it commits, at least once and in order."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest

from libs.common.errors import TimedOut, Unavailable
from libs.common.outbox import LOCK, OutboxRow, Waiting, put, waiting
from libs.common.postgres import Connection, Database
from tests.integration.common.relaying import (
    COMES_S,
    Bus,
    bus,
    change,
    relay_of,
    row,
    running,
    store,
)
from tests.support.clock import SetClock, settle
from tests.support.waiting import until, until_one_waits

__all__ = ["bus", "store"]  # fixtures that pytest finds by these names


async def test_what_committed_is_published_once(store: Database, bus: Bus) -> None:
    await change(store, "a", "b")
    relay = relay_of(store, bus)

    assert await relay.relay_some() == 2
    assert await relay.relay_some() == 0
    assert bus.taken == ["a", "b"]


async def test_a_row_arrives_as_it_was_put(store: Database) -> None:
    class Listener(Bus):
        async def publish(self, rows: Sequence[OutboxRow]) -> None:
            published.extend(rows)

    published: list[OutboxRow] = []
    await change(store, "a\x00b", key="tea")

    await relay_of(store, Listener()).relay_some()

    assert published == [OutboxRow("tea", "rooms.room.updated", b"a\x00b")]


async def test_what_was_rolled_back_never_leaves(store: Database, bus: Bus) -> None:
    async def fail() -> None:
        async with store.transaction() as connection:
            await put(connection, row("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await relay_of(store, bus).relay_some() == 0


async def test_many_rows_leave_in_portions(store: Database, bus: Bus) -> None:
    await change(store, *"abcde")

    async with running(relay_of(store, bus, max_rows=2)):
        await bus.has(*"abcde")

    assert bus.batches == [2, 2, 1]


async def test_waking_does_not_wait_for_the_next_look(store: Database, bus: Bus) -> None:
    async with running(relay_of(store, bus)) as relay:
        await change(store, "a")
        relay.wake()
        await bus.has("a")

        await change(store, "b")
        relay.wake()
        await bus.has("a", "b")


async def test_what_another_instance_put_is_found_by_looking(store: Database, bus: Bus) -> None:
    async with running(relay_of(store, bus, poll_s=0.01)):
        await change(store, "a")

        await bus.has("a")


@pytest.mark.parametrize("failure", [Unavailable(), TimedOut()])
async def test_rows_stay_until_they_can_be_published(
    store: Database, bus: Bus, failure: Exception
) -> None:
    bus.fails_before = [failure, failure]
    await change(store, "a", "b")

    async with running(relay_of(store, bus)):
        await bus.has("a", "b")

    assert bus.batches == [2]


async def test_a_crash_between_confirm_and_delete_publishes_again(
    store: Database, bus: Bus
) -> None:
    bus.fails_after = [asyncio.CancelledError()]
    await change(store, "a", "b")
    relay = relay_of(store, bus)

    with pytest.raises(asyncio.CancelledError):
        await relay.relay_some()
    assert await waiting(store) != Waiting(0, 0.0)
    await relay_of(store, bus).relay_some()

    assert bus.taken == ["a", "b", "a", "b"]
    assert (await waiting(store)).rows == 0


async def test_one_relay_works_at_a_time(store: Database, bus: Bus) -> None:
    bus.is_open.clear()
    await change(store, "a")
    first = asyncio.create_task(relay_of(store, bus).relay_some())
    second = relay_of(store, bus)
    await bus.is_asked.wait()

    assert await second.relay_some() is None
    bus.is_open.set()

    assert await first == 1
    assert await second.relay_some() == 0
    assert bus.taken == ["a"]


async def test_what_comes_while_another_relays_is_not_left_behind(
    store: Database, bus: Bus
) -> None:
    bus.is_open.clear()
    await change(store, "a")
    first = asyncio.create_task(relay_of(store, bus).relay_some())
    await bus.is_asked.wait()
    await change(store, "b")

    async with running(relay_of(store, bus)):
        await settle()
        bus.is_open.set()
        await bus.has("a", "b")

    assert await first == 1


async def test_who_waits_for_another_relay_can_be_woken(store: Database, bus: Bus) -> None:
    clock = SetClock()
    relay = relay_of(store, bus, clock=clock)
    other = AsyncExitStack()
    connection = await other.enter_async_context(store.transaction())
    assert await connection.fetchval(LOCK)

    async with running(relay):
        await until(lambda: clock.sleepers == 1)
        await other.aclose()
        await change(store, "a")
        relay.wake()

        await bus.has("a")


async def test_rows_of_one_key_leave_in_the_order_of_their_commits(
    store: Database, bus: Bus
) -> None:
    relay = relay_of(store, bus)
    async with AsyncExitStack() as open_transactions:
        alice = await open_transactions.enter_async_context(store.transaction())
        await put(alice, row("first"))
        bob = asyncio.create_task(change(store, "second"))
        await until_one_waits(store)

        assert await relay.relay_some() == 0
    await bob

    await relay.relay_some()
    assert bus.taken == ["first", "second"]


async def test_another_key_does_not_wait_and_a_lower_id_is_not_forgotten(
    store: Database, bus: Bus
) -> None:
    relay = relay_of(store, bus)
    async with store.transaction() as slow:
        await put(slow, row("slow", key="tea"))
        await change(store, "quick", key="coffee")

        assert await relay.relay_some() == 1

    assert await relay.relay_some() == 1
    assert bus.taken == ["quick", "slow"]


async def test_a_busy_key_never_gets_out_of_order(store: Database, bus: Bus) -> None:
    await store.execute("CREATE TABLE room (key text PRIMARY KEY, version int)")
    await store.execute("INSERT INTO room VALUES ('tea', 0), ('coffee', 0)")

    async def bump(key: str) -> None:
        async with store.transaction() as connection:
            await put(connection, row(f"{key} {await next_version(connection, key)}", key))

    async with running(relay_of(store, bus, max_rows=3, poll_s=0.001)):
        await asyncio.gather(*(bump(key) for _ in range(30) for key in ("tea", "coffee")))
        async with asyncio.timeout(COMES_S):
            while len(bus.taken) < 60:
                bus.news.clear()
                await bus.news.wait()

    for key in ("tea", "coffee"):
        assert [text for text in bus.taken if text.startswith(key)] == [
            f"{key} {version}" for version in range(1, 31)
        ]


async def next_version(connection: Connection, key: str) -> int:
    version = await connection.fetchval(
        "UPDATE room SET version = version + 1 WHERE key = $1 RETURNING version", key
    )
    assert isinstance(version, int)
    return version


async def test_waiting_says_how_much_and_since_when(store: Database) -> None:
    assert await waiting(store) == Waiting(0, 0.0)

    await change(store, "a", "b")

    now_waiting = await waiting(store)
    assert now_waiting.rows == 2
    assert now_waiting.oldest_s > 0
