"""Limits in Postgres count like those in memory, and all instances count together."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from libs.common.errors import TooMany
from libs.common.postgres import Database
from libs.common.ratelimit import Bucket, Limit
from libs.common.rates_postgres import APART_NS, GIVE_BACK, TABLE, PostgresRates, hashed
from tests.integration.common.conftest import connect
from tests.support.clock import SetClock
from tests.support.waiting import until_one_waits

ONE_A_SECOND = Limit(per_s=1.0, burst=3)
ROUTE = "search"
HOUR_S = 3_600.0


@pytest.fixture
async def counted(database: Database) -> Database:
    await database.execute("CREATE SCHEMA rooms")
    await database.execute(TABLE)
    return database


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def rates(counted: Database, clock: SetClock) -> PostgresRates:
    return PostgresRates(counted, clock)


@pytest.fixture
async def elsewhere(
    counted: Database, empty_database: str, clock: SetClock
) -> AsyncIterator[PostgresRates]:
    """The limits as another instance sees them."""
    database = await connect(empty_database)
    yield PostgresRates(database, clock)
    await database.close(timeout_s=5)


async def wait_ms(rates: PostgresRates, who: str = "alice", limit: Limit = ONE_A_SECOND) -> int:
    """Take one; return how long to wait, 0 when it was let through."""
    try:
        await rates.take(ROUTE, who, limit)
    except TooMany as refusal:
        return refusal.retry_after_ms or -1
    return 0


async def rows(database: Database) -> object:
    return await database.fetchval("SELECT count(*) FROM rate")


async def test_a_burst_goes_through_at_once_and_no_more(rates: PostgresRates) -> None:
    assert [await wait_ms(rates) for _ in range(5)] == [0, 0, 0, 1_000, 1_000]


async def test_who_waits_as_long_as_told_is_let_through(
    rates: PostgresRates, clock: SetClock
) -> None:
    for _ in range(3):
        await wait_ms(rates)
    await clock.advance(await wait_ms(rates) / 1_000)

    assert await wait_ms(rates) == 0


async def test_it_lets_through_exactly_what_the_one_in_memory_does(
    rates: PostgresRates, clock: SetClock
) -> None:
    bucket, chance = Bucket(ONE_A_SECOND), random.Random(7)

    for _ in range(200):
        await clock.advance(chance.choice((0.0, 0.1, 0.33, 1.0, 2.5)))
        try:
            bucket.take(clock.now())
            expected = 0
        except TooMany as refusal:
            expected = refusal.retry_after_ms or -1
        assert await wait_ms(rates) == expected


async def test_keys_and_routes_are_counted_apart(rates: PostgresRates) -> None:
    for _ in range(3):
        await wait_ms(rates)

    assert await wait_ms(rates, "bob") == 0
    await rates.take("log-in", "alice", ONE_A_SECOND)


async def test_two_instances_count_together(rates: PostgresRates, elsewhere: PostgresRates) -> None:
    told = [await wait_ms(which) for which in (rates, elsewhere, rates, elsewhere)]

    assert told == [0, 0, 0, 1_000]


async def test_of_many_at_once_no_more_than_the_burst_come_through(
    rates: PostgresRates, elsewhere: PostgresRates
) -> None:
    waits = await asyncio.gather(
        *(wait_ms(which) for _ in range(20) for which in (rates, elsewhere))
    )

    assert waits.count(0) == 3
    assert all(wait > 0 for wait in waits if wait)


@pytest.mark.parametrize("taken", [1, 2])
async def test_who_looked_before_another_took_the_last_one_is_refused(
    rates: PostgresRates, elsewhere: PostgresRates, counted: Database, taken: int
) -> None:
    for _ in range(taken):
        await wait_ms(rates)
    async with counted.transaction() as others:
        await others.execute(GIVE_BACK, hashed(ROUTE, "alice"), (taken - 3) * ONE_A_SECOND.step_ns)
        ours = asyncio.create_task(wait_ms(elsewhere))
        await until_one_waits(counted)

    assert await ours == 1_000


async def test_what_is_given_back_can_be_taken_again(rates: PostgresRates) -> None:
    for _ in range(10):
        await rates.take(ROUTE, "alice", ONE_A_SECOND)
        await rates.give_back(ROUTE, "alice", ONE_A_SECOND)

    assert [await wait_ms(rates) for _ in range(4)] == [0, 0, 0, 1_000]


async def test_giving_back_what_is_forgotten_changes_nothing(
    rates: PostgresRates, counted: Database
) -> None:
    await rates.give_back(ROUTE, "alice", ONE_A_SECOND)

    assert await rows(counted) == 0


async def test_looking_takes_nothing(rates: PostgresRates, clock: SetClock) -> None:
    for _ in range(5):
        await rates.check(ROUTE, "alice", ONE_A_SECOND)
    for _ in range(3):
        await rates.take(ROUTE, "alice", ONE_A_SECOND)

    with pytest.raises(TooMany):
        await rates.check(ROUTE, "alice", ONE_A_SECOND)
    await clock.advance(1.0)
    await rates.check(ROUTE, "alice", ONE_A_SECOND)


async def test_a_clock_that_is_behind_makes_its_callers_wait_longer_and_gives_nothing_away(
    counted: Database, clock: SetClock
) -> None:
    rates = PostgresRates(counted, clock)
    behind = PostgresRates(counted, SetClock(clock.now() - 5.0))
    for _ in range(3):
        await wait_ms(rates)

    assert [await wait_ms(behind), await wait_ms(rates)] == [6_000, 1_000]


async def test_a_clock_that_was_set_back_by_an_hour_makes_nobody_wait_for_an_hour(
    rates: PostgresRates, counted: Database, clock: SetClock
) -> None:
    for _ in range(3):
        await wait_ms(rates)
    set_back = PostgresRates(counted, SetClock(clock.now() - HOUR_S))
    assert APART_NS < HOUR_S * 1e9

    await set_back.check(ROUTE, "alice", ONE_A_SECOND)
    assert [await wait_ms(set_back) for _ in range(4)] == [0, 0, 0, 1_000]


async def test_full_buckets_are_swept_and_others_are_not(
    rates: PostgresRates, counted: Database, clock: SetClock
) -> None:
    await wait_ms(rates, "alice")
    await clock.advance(0.5)
    await wait_ms(rates, "bob")
    await clock.advance(0.75)

    await rates.sweep()

    [left] = await counted.fetch("SELECT key FROM rate")
    assert left["key"] == hashed(ROUTE, "bob")


async def test_what_a_flood_left_is_swept_whole(
    rates: PostgresRates, counted: Database, clock: SetClock
) -> None:
    await counted.execute(
        "INSERT INTO rate SELECT decode(md5(n::text), 'hex'), 0 FROM generate_series(1, 25000) n"
    )

    await rates.sweep()

    assert await rows(counted) == 0


def test_nobody_can_read_from_a_key_whose_it_is() -> None:
    assert hashed("a", "192.0.2.1") != hashed("a", "192.0.2.2")
    assert hashed("ab", "c") != hashed("a", "bc")
    assert b"192" not in hashed("a", "192.0.2.1")
