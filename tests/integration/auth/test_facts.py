"""What auth tells everybody: only what was committed, all of it, in order."""

from libs.common.contracts.facts import (
    SESSION_REVOKED,
    USER_REGISTERED,
    USER_UPDATED,
    UserChanged,
)
from libs.common.contracts.people import PersonKind, SystemRole
from tests.integration.auth.living import Instance, SignedInPerson, Town, registration


async def test_a_new_user_is_told_without_an_address(town: Town, auth: Instance) -> None:
    alice = await auth.register("Alice")

    (fact,) = await town.heard(USER_REGISTERED)

    assert isinstance(fact, UserChanged)
    assert str(fact.person_id) == alice.id
    assert fact == UserChanged(
        person_id=fact.person_id,
        kind=PersonKind.USER,
        name="Alice",
        system_role=SystemRole.MEMBER,
        is_disabled=False,
        version=1,
    )


async def test_facts_about_one_user_come_in_order(town: Town, alice: SignedInPerson) -> None:
    for number in range(10):
        await alice.client.patch("/v1/me", json={"name": f"Alice {number}"})

    facts = await town.heard(USER_UPDATED, count=10)

    versions = [fact.version for fact in facts if isinstance(fact, UserChanged)]
    assert versions == list(range(2, 12))


async def test_what_was_refused_is_not_told(town: Town, auth: Instance) -> None:
    await auth.register("Alice")
    stranger = await auth.client()
    await stranger.post("/v1/auth/register", json=registration("Alice"))
    await auth.register("Bob")

    await town.heard(USER_REGISTERED, count=2)

    assert town.fact_keys.count(USER_REGISTERED) == 2


async def test_facts_wait_in_the_database_until_they_are_told(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        await alice.post("/v1/auth/logout")
        assert USER_REGISTERED not in town.fact_keys
        assert await auth.database.fetchval("SELECT count(*) FROM outbox") == 3

    async with town.instance(instance="auth-2") as auth:
        await town.heard(SESSION_REVOKED)
        assert USER_REGISTERED in town.fact_keys
