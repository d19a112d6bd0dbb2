"""Erasures on which two instances work at once."""

import asyncio
from uuid import UUID, uuid4

import httpx

from libs.common.contracts.ids import PersonId
from services.auth.model.acts import Act, Kind
from services.auth.model.erasures import ErasureState, Step
from services.auth.model.sessions import Ending, EndReason
from services.auth.store.erasures import FINISH, ErasureStore
from services.auth.store.facts import Facts
from tests.integration.auth.administering import hire, owner
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.racing import waits_or_ends

WORKING = """
    INSERT INTO erasure (id, account_id, state, asked_at, due_at)
    VALUES ($1, $2, 'working', now(), now())
"""
STEP = """
    INSERT INTO erasure_step (erasure_id, person_id, service, begun_at, due_at)
    VALUES ($1, $2, $3, now(), now())
"""
HOLD = "SELECT FROM erasure WHERE id = $1 FOR NO KEY UPDATE"
SIGN = "UPDATE erasure_step SET receipt = 'signed', finished_at = now() WHERE service = $1"
GIVE = "UPDATE account SET system_role = $2 WHERE id = $1"
HOLD_ACCOUNT = "SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE"


def store(auth: Instance) -> ErasureStore:
    return ErasureStore(auth.database, Facts(auth.database, wake=lambda: None))


async def test_the_last_two_receipts_finish_an_erasure_that_come_at_once(
    auth: Instance, town: Town, bob: SignedInPerson
) -> None:
    erasure_id, person_id = uuid4(), PersonId(UUID(bob.id))
    await auth.database.execute(WORKING, erasure_id, person_id)
    for service in ("messages", "rooms"):
        await auth.database.execute(STEP, erasure_id, person_id, service)
    step = Step(erasure_id, person_id, "rooms", 0.0, tries=1, receipt=None, key=None)
    now = town.clock.now()
    async with auth.database.transaction() as signing:
        await signing.execute(HOLD, erasure_id)
        await signing.execute(SIGN, "messages")
        assert await signing.fetchval(FINISH, erasure_id, now) is None
        ours = asyncio.create_task(store(auth).signed(step, "signed", {}, now=now))
        await waits_or_ends(ours, auth.database)
    await ours

    erasure, _ = await store(auth).find(erasure_id)
    assert erasure.state is ErasureState.DONE


async def test_who_asks_for_an_erasure_and_who_changes_a_role_do_not_wait_for_each_other(
    auth: Instance, town: Town
) -> None:
    alice = await owner(auth)
    # Rows are held in the order of their ids, and later ones are higher.
    await town.clock.advance(1)
    bob = await auth.register("Bob")
    await town.clock.advance(1)
    eve = await hire(auth, alice, "Eve", "owner")
    person_id, now = PersonId(UUID(bob.id)), town.clock.now()
    act = Act(Kind.ERASURE_ASKED, None, person_id, "done", None, None)
    async with auth.database.transaction() as changing:
        await changing.execute(HOLD_ACCOUNT, bob.id)
        ours = asyncio.create_task(
            store(auth).ask(
                uuid4(),
                person_id,
                by=None,
                act=act,
                ending=Ending(EndReason.ERASED, at=now, until=now),
                now=now,
                due_at=now,
            )
        )
        await waits_or_ends(ours, auth.database)
        await changing.execute(HOLD_ACCOUNT, eve.id)

    erasure, _ = await ours
    assert erasure.account_id == person_id


async def test_who_is_no_owner_any_more_erases_nobody(auth: Instance, bob: SignedInPerson) -> None:
    eve = await hire(auth, await owner(auth), "Eve", "owner")
    async with auth.database.transaction() as changing:
        await changing.execute(GIVE, eve.id, "member")
        ours = asyncio.create_task(eve.post(f"/v1/admin/users/{bob.id}/erase"))
        await waits_or_ends(ours, auth.database)

    assert (await ours).status_code == httpx.codes.FORBIDDEN
    assert await auth.database.fetchval("SELECT count(*) FROM erasure") == 0


async def test_who_becomes_an_owner_in_time_is_not_erased_by_another(
    auth: Instance, bob: SignedInPerson
) -> None:
    alice = await owner(auth)
    async with auth.database.transaction() as changing:
        await changing.execute(GIVE, bob.id, "owner")
        ours = asyncio.create_task(alice.post(f"/v1/admin/users/{bob.id}/erase"))
        await waits_or_ends(ours, auth.database)

    assert (await ours).status_code == httpx.codes.FORBIDDEN
    assert await auth.database.fetchval("SELECT count(*) FROM erasure") == 0
