"""What two do to accounts in the same moment, from two instances."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from libs.common.chance import SystemChance
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import SystemRole
from services.auth.core.accounts import email_key
from services.auth.model.accounts import EmailState, NewAccount
from services.auth.model.identities import Identity, LinkedIdentity
from services.auth.model.sessions import Ending, EndReason
from services.auth.store.facts import Facts
from services.auth.store.identities.identities import IdentityGone, IdentityStore, registered
from services.auth.store.identities.news import HOLD
from services.auth.store.registering import EmailTaken
from services.auth.store.sessions import SessionStore
from tests.integration.auth.administering import change, hire, owner
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.programs import new_bot, new_token, whose
from tests.integration.auth.racing import waits_or_ends
from tests.integration.auth.telling import HR, ISSUER, event, link, people, send, sources

DISABLE = "UPDATE account SET disabled_at = now() WHERE id = $1"
HOLD_ACCOUNT = "SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE"

ZOE = Identity(ISSUER, "zoe-1")


@pytest.fixture
async def auth(town: Town) -> AsyncIterator[Instance]:
    async with town.instance(identity=sources(HR)) as instance:
        yield instance


def joining(town: Town) -> tuple[NewAccount, LinkedIdentity]:
    """Return the account and the identity with which Zoe comes from a provider."""
    new = NewAccount(
        id=PersonId(SystemChance(town.clock).new_id()),
        email="zoe@example.org",
        email_key=email_key("zoe@example.org"),
        email_state=EmailState.PROVED,
        name="Zoe",
        name_key="zoe",
        system_role=SystemRole.MEMBER,
        password_hash=None,
    )
    linked = LinkedIdentity(
        id=uuid4(),
        identity=ZOE,
        account_id=new.id,
        email=new.email,
        is_source=True,
        linked_at=town.clock.now(),
    )
    return new, linked


def join(auth: Instance, town: Town) -> asyncio.Task[object]:
    """Let Zoe come from a provider, on another instance."""
    identities = IdentityStore(auth.database, Facts(auth.database, wake=lambda: None))
    new, linked = joining(town)
    act = registered(new, address="192.0.2.7", by="provider")
    return asyncio.create_task(identities.join(new, linked, act, invite_hash=None))


async def test_of_two_owners_who_leave_their_source_at_once_one_stays(auth: Instance) -> None:
    alice = await owner(auth)
    eve = await hire(auth, alice, "Eve", "owner")
    await link(auth, alice)
    async with auth.database.transaction() as leaving:
        await leaving.execute(DISABLE, eve.id)
        ours = asyncio.create_task(send(auth, event("user.deleted")))
        await waits_or_ends(ours, auth.database)

    assert (await ours).status_code == httpx.codes.NO_CONTENT
    assert {name: is_out for name, _, is_out in await people(auth)} == {"Alice": False, "Eve": True}


async def test_who_unlinks_an_identity_in_time_is_not_shut_out_with_it(
    auth: Instance, bob: SignedInPerson
) -> None:
    await link(auth, bob)
    async with auth.database.transaction() as unlinking:
        await unlinking.execute(HOLD_ACCOUNT, bob.id)
        ours = asyncio.create_task(send(auth, event("user.deleted")))
        await waits_or_ends(ours, auth.database)
        await unlinking.execute("DELETE FROM identity")

    assert (await ours).status_code == httpx.codes.NO_CONTENT
    assert [is_out for *_, is_out in await people(auth)] == [False]


async def test_who_is_deleted_at_the_source_while_they_join_gets_no_account(
    auth: Instance, town: Town
) -> None:
    async with auth.database.transaction() as hearing:
        await hearing.execute(HOLD, ZOE.hashed())
        ours = join(auth, town)
        await waits_or_ends(ours, auth.database)
        await hearing.execute("UPDATE identity_news SET is_gone = true")

    with pytest.raises(IdentityGone):
        await ours
    assert await people(auth) == []


async def test_who_joins_while_their_source_tells_of_them_waits_for_that(
    auth: Instance, town: Town, bob: SignedInPerson
) -> None:
    async with auth.database.transaction() as hearing:
        await hearing.execute(HOLD, ZOE.hashed())
        ours = join(auth, town)
        await waits_or_ends(ours, auth.database)
        await hearing.execute(
            "UPDATE account SET email = 'zoe@example.org', email_key = 'zoe@example.org'"
        )

    with pytest.raises(EmailTaken):
        await ours


async def test_a_bot_that_an_admin_shuts_out_does_not_come_back_with_its_owner(
    auth: Instance, bob: SignedInPerson
) -> None:
    alice = await owner(auth)
    bot_id = await new_bot(bob)
    async with auth.database.transaction() as shutting:
        await shutting.execute(DISABLE, bot_id)
        ours = asyncio.create_task(change(alice, bob, disabled=True))
        await waits_or_ends(ours, auth.database)
    assert (await ours).status_code == httpx.codes.OK

    await change(alice, bob, disabled=False)

    assert [is_out for name, _, is_out in await people(auth) if name == "Robot"] == [True]


async def test_a_session_that_ends_while_another_is_opened_keeps_its_reason(town: Town) -> None:
    async with town.instance(max_sessions=1) as auth:
        bob = await auth.register("Bob")
        await town.clock.advance(1)
        async with auth.database.transaction() as ending:
            await ending.execute(
                "UPDATE session SET end_reason = 'token_reused', tokens_until = now()"
            )
            ours = asyncio.create_task(auth.log_in(bob.email))
            await waits_or_ends(ours, auth.database)

        assert (await ours).status_code == httpx.codes.OK
        reasons = await auth.database.fetch("SELECT end_reason FROM session ORDER BY created_at")
        assert [row["end_reason"] for row in reasons] == ["token_reused", None]


async def test_a_loss_of_a_role_and_a_stolen_token_do_not_wait_for_each_other(
    auth: Instance, town: Town
) -> None:
    alice = await owner(auth)
    dora = await hire(auth, alice, "Dora")
    sessions = SessionStore(auth.database, Facts(auth.database, wake=lambda: None))
    session_id = await auth.database.fetchval(
        "SELECT id FROM session WHERE account_id = $1", dora.id
    )
    async with sessions.lock(session_id) as held:
        assert held is not None
        ours = asyncio.create_task(change(alice, dora, system_role="member"))
        await waits_or_ends(ours, auth.database)
        now = town.clock.now()
        await held.end(Ending(EndReason.TOKEN_REUSED, at=now, until=now + 900))

    assert (await ours).status_code == httpx.codes.OK


async def test_disabling_somebody_and_revoking_their_token_do_not_wait_for_each_other(
    auth: Instance, bob: SignedInPerson
) -> None:
    alice = await owner(auth)
    token = await new_token(bob)
    facts = Facts(auth.database, wake=lambda: None)
    async with auth.database.transaction() as revoking:
        await revoking.execute("SELECT FROM api_token FOR UPDATE")
        ours = asyncio.create_task(change(alice, bob, disabled=True))
        await waits_or_ends(ours, auth.database)
        await facts.ended(
            revoking,
            [SessionId(UUID(token["id"]))],
            account_id=PersonId(UUID(bob.id)),
            ending=Ending(EndReason.TOKEN_REVOKED, at=0, until=0),
        )

    assert (await ours).status_code == httpx.codes.OK


async def test_two_owners_who_say_different_things_of_registration_are_both_heard(
    auth: Instance,
) -> None:
    alice = await owner(auth)
    policy = "/v1/admin/policy"
    await alice.client.patch(policy, json={"registration": "invite"})
    async with auth.database.transaction() as closing:
        await closing.execute("UPDATE policy SET registration = 'closed'")
        ours = asyncio.create_task(alice.client.patch(policy, json={"domains": ["example.org"]}))
        await waits_or_ends(ours, auth.database)

    told = (await ours).json()
    assert (told["registration"], told["domains"]) == ("closed", ["example.org"])


async def test_a_token_is_good_while_another_looks_at_it(
    auth: Instance, bob: SignedInPerson
) -> None:
    token = (await new_token(bob))["token"]
    async with auth.database.transaction() as looking:
        await looking.execute("SELECT FROM api_token FOR NO KEY UPDATE")
        ours = asyncio.create_task(whose(auth, token))
        await waits_or_ends(ours, auth.database)

        assert ours.done()
    assert (await ours)[0]["person_id"] == bob.id
