"""Instances of one service tell themselves apart, with the rights that a service has."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest

from libs.common.claims import Alone, Standing
from libs.common.claims_postgres import MAX_INSTANCES, PostgresClaim
from libs.common.errors import Unavailable
from libs.common.migrations import Migration, Schema
from tests.integration.common.conftest import settings_for
from tests.support.postgres import Databases
from tests.support.service_database import service_database
from tests.support.waiting import eventually

NOTES = Schema(
    "notes",
    "hubbub_test_notes",
    (Migration(1, "expand", "0001_expand_note", "CREATE TABLE note ()"),),
)
LEASE_S = 0.3
LONG_S = 60.0
CLAIMS = "hubbub-notes-claim"

GONE_MS = 20_000

END = """
    SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity
    WHERE application_name = $1 AND datname = current_database()
"""

NewClaim = Callable[..., PostgresClaim]


@pytest.fixture
async def dsn(databases: Databases) -> AsyncIterator[str]:
    """The address of a database that the service may do little on."""
    async with service_database(databases, NOTES) as dsn:
        yield dsn


@pytest.fixture
async def new_claim(dsn: str) -> AsyncIterator[NewClaim]:
    """Makes the claim of one more instance; releases it at the end."""
    async with AsyncExitStack() as opened:

        def new_claim(service: str = "notes", *, lease_s: float = LONG_S) -> PostgresClaim:
            claim = PostgresClaim(settings_for(dsn), service, lease_s=lease_s)
            opened.push_async_callback(claim.release)
            return claim

        yield new_claim


async def end_sessions(dsn: str) -> None:
    """Cut every claim's connection, as a database that is started again does; return when all that
    they held is free.
    """
    connection = await asyncpg.connect(dsn)
    await connection.execute("SET ROLE NONE")
    await connection.execute(END, CLAIMS, GONE_MS)
    await connection.close()


async def test_an_instance_without_others_is_the_only_one(new_claim: NewClaim) -> None:
    assert await new_claim().look() == await Alone().look() == Standing(0, (0,))


async def test_each_instance_claims_the_lowest_ordinal_that_is_free(new_claim: NewClaim) -> None:
    claims = [new_claim() for _ in range(3)]

    seen = [await claim.look() for claim in claims]

    assert seen == [Standing(0, (0,)), Standing(1, (0, 1)), Standing(2, (0, 1, 2))]
    assert await claims[0].look() == Standing(0, (0, 1, 2))


async def test_an_ordinal_that_was_given_back_is_the_next_ones(new_claim: NewClaim) -> None:
    first, second, third = new_claim(), new_claim(), new_claim()
    await first.look()
    await second.look()

    await first.release()

    assert await second.look() == Standing(1, (1,))
    assert await third.look() == Standing(0, (0, 1))


async def test_services_do_not_count_each_other(new_claim: NewClaim) -> None:
    await new_claim("rooms").look()

    assert await new_claim("notes").look() == Standing(0, (0,))


async def test_databases_of_one_server_do_not_count_each_other(
    new_claim: NewClaim, empty_database: str
) -> None:
    elsewhere = PostgresClaim(settings_for(empty_database), "notes", lease_s=LONG_S)
    await elsewhere.look()

    assert await new_claim().look() == Standing(0, (0,))
    await elsewhere.release()


async def test_who_lost_the_connection_gets_the_same_ordinal_again(
    dsn: str, new_claim: NewClaim
) -> None:
    first, second = new_claim(), new_claim()
    await first.look()
    await second.look()

    await end_sessions(dsn)

    assert await second_look(second) == Standing(1, (1,))
    assert await second_look(first) == Standing(0, (0, 1))


async def test_who_finds_its_ordinal_taken_claims_another(dsn: str, new_claim: NewClaim) -> None:
    first, second = new_claim(), new_claim()
    await first.look()
    await end_sessions(dsn)
    await second.look()

    assert await second_look(first) == Standing(1, (0, 1))


async def test_an_instance_that_stands_still_is_not_counted_for_long(new_claim: NewClaim) -> None:
    living, suspended = new_claim(), new_claim(lease_s=LEASE_S)
    await living.look()
    assert await suspended.look() == Standing(1, (0, 1))

    await eventually(living.look, lambda seen: seen == Standing(0, (0,)))

    assert await second_look(suspended) == Standing(1, (0, 1))


async def test_one_instance_too_many_does_without(dsn: str, new_claim: NewClaim) -> None:
    holder = await asyncpg.connect(dsn)
    await holder.execute(
        "SELECT pg_advisory_lock(hashtext('instance of notes'), number)"
        f" FROM generate_series(0, {MAX_INSTANCES - 1}) AS number"
    )

    with pytest.raises(Unavailable):
        await new_claim().look()
    await holder.close()


async def test_a_database_that_is_not_there_gives_no_standing() -> None:
    nowhere = settings_for("postgresql://nobody@127.0.0.1:1/nothing")

    claim = PostgresClaim(nowhere, "notes", lease_s=LONG_S)
    with pytest.raises(Unavailable):
        await claim.look()
    await claim.release()


async def second_look(claim: PostgresClaim) -> Standing:
    """Look; the first may be the one that finds the connection lost."""
    try:
        return await claim.look()
    except Unavailable:
        return await claim.look()
