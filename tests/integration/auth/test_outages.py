"""What auth does while its database or its bus is away."""

import asyncio

from structlog.testing import capture_logs

from libs.common.bus.interface import Delivery
from libs.common.bus.topology import facts_for
from libs.common.contracts.facts import (
    KEYS_ROTATED,
    SESSION_REVOKED,
    UserChanged,
    decode_fact,
)
from tests.integration.auth.living import WAIT_S, Instance, Town, registration


async def test_without_its_database_requests_are_told_to_come_back(auth: Instance) -> None:
    alice = await auth.register("Alice")
    await auth.database.close(timeout_s=WAIT_S)

    answers = [
        await alice.get("/v1/me"),
        await auth.log_in(alice.email),
        await auth.refresh(alice.refresh_token),
        await (await auth.client()).post("/v1/auth/register", json=registration("Bob")),
    ]

    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["code"] for answer in answers} == {"unavailable"}
    assert all(answer.json()["retryable"] for answer in answers)


async def test_without_its_database_public_keys_are_still_published(auth: Instance) -> None:
    await auth.database.close(timeout_s=WAIT_S)
    stranger = await auth.client()

    assert (await stranger.get("/v1/.well-known/jwks.json")).status_code == 200


async def test_workers_outlive_an_absent_database(town: Town) -> None:
    workers = {"keys", "sweeping", "ended_sessions"}
    with capture_logs() as lines:
        async with town.instance(workers=workers, key_check_s=60.0, sweep_every_s=60.0) as auth:
            await auth.database.close(timeout_s=WAIT_S)
            await town.tell_unreadable(SESSION_REVOKED)

            await town.clock.advance(121.0)

            # Three workers sleep until their next try.
            assert town.clock.sleepers == 3

    told = [line["event"] for line in lines]
    assert told.count("keys_not_loaded") == 2
    assert told.count("sweep_postponed") == 2
    assert "fact_unreadable" in told


async def test_a_fact_stays_until_every_service_has_taken_it(town: Town) -> None:
    queue = facts_for("rooms", "auth.#")
    await town.bus.declare(queue)
    async with town.instance(publish_timeout_s=0.05) as auth:
        alice = await auth.register("Alice")
        await town.heard(KEYS_ROTATED)
        waiting = await auth.database.fetchval("SELECT count(*) FROM outbox")

        taken: list[Delivery] = []

        def take(delivery: Delivery) -> None:
            taken.append(delivery)
            consumer.settle(delivery)

        consumer = await town.bus.consume(queue, take, prefetch=100)
        async with asyncio.timeout(WAIT_S):
            while await auth.database.fetchval("SELECT count(*) FROM outbox"):
                await town.clock.advance(1.0)

    assert waiting == 2
    facts = [decode_fact(delivery.key, delivery.body) for delivery in taken]
    assert alice.id in {str(fact.person_id) for fact in facts if isinstance(fact, UserChanged)}
