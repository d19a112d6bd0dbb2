"""A disabled account: nobody gets in, and whoever was in is out."""

import asyncio
from uuid import UUID, uuid4

from libs.common.contracts.facts import (
    SESSION_REVOKED,
    USER_DISABLED,
    SessionRevoked,
    UserChanged,
)
from libs.common.contracts.ids import PersonId, SessionId
from services.auth.model.sessions import Ending, EndReason
from services.auth.store.accounts import AccountStore
from services.auth.store.facts import Facts
from tests.integration.auth.living import Instance, SignedInPerson, Town


async def disable(town: Town, auth: Instance, who: SignedInPerson) -> list[SessionId]:
    """Disable an account, as a store without a relay; Charlie's arrival wakes the instance's."""
    store = AccountStore(auth.database, Facts(auth.database, wake=lambda: None))
    now = town.clock.now()
    ended = await store.disable(
        PersonId(UUID(who.id)),
        ending=Ending(EndReason.ACCOUNT_DISABLED, at=now, until=now + 900.0),
        now=now,
    )
    await auth.register("Charlie", email=f"{uuid4()}@example.org")
    return ended


async def living_sessions(auth: Instance, who: SignedInPerson) -> object:
    living = "SELECT count(*) FROM session WHERE end_reason IS NULL AND account_id = $1"
    return await auth.database.fetchval(living, UUID(who.id))


async def test_everybody_hears_of_it(town: Town, auth: Instance, bob: SignedInPerson) -> None:
    await auth.log_in(bob.email)

    ended = await disable(town, auth, bob)

    (fact,) = await town.heard(USER_DISABLED)
    assert isinstance(fact, UserChanged)
    assert (str(fact.person_id), fact.is_disabled, fact.version) == (bob.id, True, 2)
    told = await town.heard(SESSION_REVOKED, count=2)
    assert {fact.session_id for fact in told if isinstance(fact, SessionRevoked)} == set(ended)


async def test_whoever_was_in_is_out(town: Town, auth: Instance, bob: SignedInPerson) -> None:
    await disable(town, auth, bob)
    await town.heard(SESSION_REVOKED)

    assert (await bob.get("/v1/me")).json()["code"] == "session_revoked"
    assert (await auth.refresh(bob.refresh_token)).json()["code"] == "session_revoked"


async def test_nobody_gets_in_again(town: Town, auth: Instance, bob: SignedInPerson) -> None:
    await disable(town, auth, bob)

    right = await auth.log_in(bob.email)
    wrong = await auth.log_in(bob.email, "wrong password")

    assert (right.status_code, right.json()["code"]) == (403, "account_disabled")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")
    assert await living_sessions(auth, bob) == 0


async def test_of_logging_in_and_being_disabled_at_once_no_session_is_left(
    town: Town, auth: Instance, bob: SignedInPerson
) -> None:
    await asyncio.gather(
        *(auth.log_in(bob.email) for _ in range(10)),
        disable(town, auth, bob),
        *(auth.log_in(bob.email) for _ in range(10)),
    )

    assert await living_sessions(auth, bob) == 0


async def test_being_disabled_twice_is_being_disabled_once(
    town: Town, auth: Instance, bob: SignedInPerson
) -> None:
    first = await disable(town, auth, bob)
    second = await disable(town, auth, bob)

    assert (len(first), second) == (1, [])


async def test_others_still_see_who_it_was_and_do_not_find_them(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await disable(town, auth, bob)

    shown = (await alice.get(f"/v1/users/{bob.id}")).json()
    found = (await alice.get("/v1/users", q="bob")).json()

    assert (shown["name"], shown["is_disabled"]) == ("Bob", True)
    assert found["items"] == []
