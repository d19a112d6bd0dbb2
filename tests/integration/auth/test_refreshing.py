"""Exchanging refresh tokens: once each, and what a second time means."""

import asyncio
from uuid import UUID

import pytest

from libs.common.contracts.facts import SESSION_REVOKED, SessionRevoked
from services.auth.core.sessions import PREFIX, RefreshToken
from tests.integration.auth.living import Instance, SignedInPerson, Town

DAY_S = 86_400.0


async def test_a_refresh_token_is_exchanged_for_a_new_pair(
    auth: Instance, alice: SignedInPerson
) -> None:
    answer = await auth.refresh(alice.refresh_token)

    said = answer.json()
    assert answer.status_code == 200
    assert said.keys() == {"user", "access_token", "expires_in", "refresh_token"}
    assert said["refresh_token"] != alice.refresh_token
    renewed = await auth.bearing(said["access_token"])
    assert (await renewed.get("/v1/me")).json()["id"] == alice.id


async def test_a_refresh_stays_in_its_session(auth: Instance, alice: SignedInPerson) -> None:
    (before,) = (await alice.get("/v1/auth/sessions")).json()["items"]

    await auth.refresh(alice.refresh_token)

    (after,) = (await alice.get("/v1/auth/sessions")).json()["items"]
    assert after["id"] == before["id"]


async def test_the_name_in_the_new_token_is_the_name_of_today(
    auth: Instance, alice: SignedInPerson
) -> None:
    await alice.client.patch("/v1/me", json={"name": "Alicia"})

    said = (await auth.refresh(alice.refresh_token)).json()

    assert said["user"]["name"] == "Alicia"


async def test_fifty_at_once_get_the_same_one_successor(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    answers = await asyncio.gather(*(auth.refresh(alice.refresh_token) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {200}
    successors = {answer.json()["refresh_token"] for answer in answers}
    assert len(successors) == 1
    assert RefreshToken.read(successors.pop()).generation == 1
    assert (await alice.get("/v1/me")).status_code == 200
    assert SESSION_REVOKED not in town.fact_keys
    assert auth.metric("refreshes_total", outcome="rotated") == 1
    assert auth.metric("refreshes_total", outcome="repeated") == 49


async def test_two_instances_give_the_same_successor(town: Town) -> None:
    async with town.instance(instance="auth-1") as one, town.instance(instance="auth-2") as other:
        alice = await one.register("Alice")

        answers = await asyncio.gather(
            *(auth.refresh(alice.refresh_token) for auth in (one, other) * 5)
        )

    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


async def test_a_lost_answer_is_given_again_for_ten_seconds(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    first = await auth.refresh(alice.refresh_token)
    await town.clock.advance(10.0)

    again = await auth.refresh(alice.refresh_token)

    assert again.json()["refresh_token"] == first.json()["refresh_token"]


async def test_a_token_shown_again_later_ends_the_session(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    successor = (await auth.refresh(alice.refresh_token)).json()["refresh_token"]
    await town.clock.advance(11.0)

    replayed = await auth.refresh(alice.refresh_token)

    assert replayed.status_code == 401
    assert replayed.json()["code"] == "session_revoked"
    assert (await auth.refresh(successor)).json()["code"] == "session_revoked"
    assert (await alice.get("/v1/me")).json()["code"] == "session_revoked"
    (fact,) = await town.heard(SESSION_REVOKED)
    assert isinstance(fact, SessionRevoked)
    assert (str(fact.person_id), fact.reason) == (alice.id, "token_reused")
    assert fact.until == town.clock.now() + 900


async def test_an_older_token_ends_the_session_at_once(
    auth: Instance, alice: SignedInPerson
) -> None:
    second = (await auth.refresh(alice.refresh_token)).json()["refresh_token"]
    await auth.refresh(second)

    replayed = await auth.refresh(alice.refresh_token)

    assert replayed.json()["code"] == "session_revoked"


async def test_another_client_with_the_same_token_ends_the_session(
    auth: Instance, alice: SignedInPerson
) -> None:
    await auth.refresh(alice.refresh_token)

    thief = await auth.refresh(alice.refresh_token, user_agent="curl/8.7")

    assert thief.json()["code"] == "session_revoked"


async def test_the_end_of_one_session_leaves_the_others(
    auth: Instance, alice: SignedInPerson
) -> None:
    other = (await auth.log_in(alice.email)).json()
    second = (await auth.refresh(alice.refresh_token)).json()["refresh_token"]
    await auth.refresh(second)
    await auth.refresh(alice.refresh_token)

    assert (await auth.refresh(other["refresh_token"])).status_code == 200


async def test_a_token_of_a_session_that_was_logged_out_is_refused(
    auth: Instance, alice: SignedInPerson
) -> None:
    await alice.post("/v1/auth/logout")

    assert (await auth.refresh(alice.refresh_token)).json()["code"] == "session_revoked"


@pytest.mark.parametrize("generation", [0, 1])
async def test_a_forged_token_is_refused_and_ends_nothing(
    auth: Instance, alice: SignedInPerson, generation: int
) -> None:
    session_id = RefreshToken.read(alice.refresh_token).session_id
    forged = RefreshToken(session_id, generation, b"?" * 32).write()

    answer = await auth.refresh(forged)

    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
    assert (await auth.refresh(alice.refresh_token)).status_code == 200


async def test_what_is_no_refresh_token_is_refused(auth: Instance) -> None:
    for token in ("", "x", PREFIX + "A" * 70, "eyJhbGciOiJub25lIn0.e30."):
        answer = await auth.refresh(token)

        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_an_access_token_is_no_refresh_token(auth: Instance, alice: SignedInPerson) -> None:
    access_token = alice.client.headers["authorization"].removeprefix("Bearer ")

    assert (await auth.refresh(access_token)).status_code == 401


async def test_a_refresh_token_is_no_access_token(auth: Instance, alice: SignedInPerson) -> None:
    client = await auth.bearing(alice.refresh_token)

    assert (await client.get("/v1/me")).status_code == 401


async def test_without_a_token_nothing_is_refreshed(auth: Instance) -> None:
    stranger = await auth.client()

    assert (await stranger.post("/v1/auth/refresh", json={})).status_code == 401
    assert (await stranger.get("/v1/auth/refresh")).status_code == 405


async def test_an_unused_session_ends_after_a_week(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        await town.clock.advance(7 * DAY_S)

        answer = await auth.refresh(alice.refresh_token)

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_used_session_ends_after_thirty_days(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        token = (await auth.register("Alice")).refresh_token
        for _ in range(5):
            await town.clock.advance(5 * DAY_S)
            token = (await auth.refresh(token)).json()["refresh_token"]
        await town.clock.advance(5 * DAY_S)

        assert (await auth.refresh(token)).status_code == 401


async def test_an_access_token_expires_after_a_quarter_of_an_hour(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        await town.clock.advance(899.0)
        before = await alice.get("/v1/me")
        await town.clock.advance(1.0)

        after = await alice.get("/v1/me")

    assert before.status_code == 200
    assert after.json()["code"] == "token_expired"


async def test_nothing_in_the_database_opens_a_session(
    auth: Instance, alice: SignedInPerson
) -> None:
    mac = RefreshToken.read(alice.refresh_token).mac

    stored = await auth.database.fetchval("SELECT s::text FROM session s")

    assert alice.refresh_token not in stored
    assert mac.hex() not in stored


async def test_session_ids_are_random(auth: Instance) -> None:
    people = [await auth.register(f"p{n}") for n in range(5)]

    ids = [RefreshToken.read(person.refresh_token).session_id for person in people]

    assert all(UUID(str(its_id)).version == 7 for its_id in ids)
    assert len({its_id.bytes[8:] for its_id in ids}) == 5
