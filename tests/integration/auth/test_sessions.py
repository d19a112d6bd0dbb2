"""One's own sessions: seen, ended one by one, ended all at once."""

import asyncio
from uuid import uuid4

from libs.common.contracts.facts import SESSION_REVOKED, SessionRevoked
from tests.integration.auth.living import WAIT_S, Instance, SignedInPerson, Town
from tests.support.clock import settle


async def test_a_stranger_has_no_sessions(auth: Instance) -> None:
    stranger = await auth.client()

    for method, path in [
        ("GET", "/v1/auth/sessions"),
        ("DELETE", f"/v1/auth/sessions/{uuid4()}"),
        ("POST", "/v1/auth/logout-all"),
        ("POST", "/v1/auth/logout"),
    ]:
        answer = await stranger.request(method, path)

        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_sessions_are_listed_the_one_used_last_first(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    await town.clock.advance(5.0)
    await auth.log_in(alice.email, device="Phone", address="198.51.100.1")

    page = (await alice.get("/v1/auth/sessions")).json()

    assert page["next_cursor"] is None
    phone, laptop = page["items"]
    assert phone == {
        "id": phone["id"],
        "name": "Phone",
        "address": "198.51.100.1",
        "created_at": "2023-11-14T22:13:25.000Z",
        "last_used_at": "2023-11-14T22:13:25.000Z",
        "expires_at": "2023-11-21T22:13:25.000Z",
        "current": False,
        "proved_by": ["password"],
    }
    assert (laptop["name"], laptop["current"]) == ("Firefox on Linux", True)


async def test_a_refresh_shows_as_the_last_use(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    await town.clock.advance(5.0)
    await auth.refresh(alice.refresh_token)

    (session,) = (await alice.get("/v1/auth/sessions")).json()["items"]

    assert session["last_used_at"] == "2023-11-14T22:13:25.000Z"


async def test_nobody_sees_the_sessions_of_others(
    alice: SignedInPerson, bob: SignedInPerson
) -> None:
    (of_alice,) = (await alice.get("/v1/auth/sessions")).json()["items"]
    (of_bob,) = (await bob.get("/v1/auth/sessions")).json()["items"]

    assert of_alice["id"] != of_bob["id"]


async def test_a_lost_phone_is_logged_out_from_the_list(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    phone = (await auth.log_in(alice.email, device="Phone")).json()
    sessions = (await alice.get("/v1/auth/sessions")).json()["items"]
    (phone_id,) = [session["id"] for session in sessions if session["name"] == "Phone"]

    answer = await alice.client.delete(f"/v1/auth/sessions/{phone_id}")

    assert (answer.status_code, answer.content) == (204, b"")
    of_phone = await auth.bearing(phone["access_token"])
    assert (await of_phone.get("/v1/me")).json()["code"] == "session_revoked"
    assert (await auth.refresh(phone["refresh_token"])).json()["code"] == "session_revoked"
    assert (await alice.get("/v1/me")).status_code == 200
    (fact,) = await town.heard(SESSION_REVOKED)
    assert isinstance(fact, SessionRevoked)
    assert (str(fact.session_id), fact.reason) == (phone_id, "ended_from_list")


async def test_a_session_is_ended_once(alice: SignedInPerson, auth: Instance) -> None:
    await auth.log_in(alice.email, device="Phone")
    sessions = (await alice.get("/v1/auth/sessions")).json()["items"]
    (phone_id,) = [session["id"] for session in sessions if session["name"] == "Phone"]

    first = await alice.client.delete(f"/v1/auth/sessions/{phone_id}")
    second = await alice.client.delete(f"/v1/auth/sessions/{phone_id}")

    assert (first.status_code, second.status_code) == (204, 404)


async def test_nobody_ends_the_session_of_another(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    (of_alice,) = (await alice.get("/v1/auth/sessions")).json()["items"]

    others = await bob.client.delete(f"/v1/auth/sessions/{of_alice['id']}")
    nobodys = await bob.client.delete(f"/v1/auth/sessions/{uuid4()}")

    assert others.status_code == nobodys.status_code == 404
    assert others.json() == nobodys.json()
    assert (await alice.get("/v1/me")).status_code == 200


async def test_what_is_no_id_is_nobodys_session(alice: SignedInPerson) -> None:
    for text in ("1", "x", "../me", "%00", "' OR 1=1 --"):
        assert (await alice.client.delete(f"/v1/auth/sessions/{text}")).status_code == 404


async def test_after_logging_out_nothing_of_the_session_is_good(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    answer = await alice.post("/v1/auth/logout")

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await alice.get("/v1/me")).json()["code"] == "session_revoked"
    assert (await auth.refresh(alice.refresh_token)).status_code == 401
    (fact,) = await town.heard(SESSION_REVOKED)
    assert isinstance(fact, SessionRevoked)
    assert fact.reason == "logged_out"


async def test_logging_out_leaves_other_devices_alone(
    auth: Instance, alice: SignedInPerson
) -> None:
    phone = (await auth.log_in(alice.email)).json()

    await alice.post("/v1/auth/logout")

    assert (await auth.refresh(phone["refresh_token"])).status_code == 200


async def test_logging_out_everywhere_ends_every_session(
    town: Town, auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    others = [(await auth.log_in(alice.email)).json() for _ in range(3)]

    answer = await alice.post("/v1/auth/logout-all")

    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert (await alice.get("/v1/me")).status_code == 401
    for said in others:
        assert (await auth.refresh(said["refresh_token"])).status_code == 401
    facts = await town.heard(SESSION_REVOKED, count=4)
    assert {fact.reason for fact in facts if isinstance(fact, SessionRevoked)} == {
        "logged_out_everywhere"
    }
    assert (await bob.get("/v1/me")).status_code == 200


async def test_an_end_is_heard_by_another_instance_within_two_seconds(town: Town) -> None:
    async with town.instance(instance="auth-1") as one, town.instance(instance="auth-2") as other:
        alice = await one.register("Alice")
        elsewhere = await other.bearing(alice.client.headers["authorization"][7:])
        assert (await elsewhere.get("/v1/me")).status_code == 200

        await alice.post("/v1/auth/logout")
        await town.heard(SESSION_REVOKED)

        assert (await elsewhere.get("/v1/me")).json()["code"] == "session_revoked"


async def test_a_restarted_instance_remembers_who_was_logged_out(town: Town) -> None:
    async with town.instance() as before:
        alice = await before.register("Alice")
        await alice.post("/v1/auth/logout")
    async with town.instance() as after:
        returned = await after.bearing(alice.client.headers["authorization"][7:])

        assert (await returned.get("/v1/me")).json()["code"] == "session_revoked"


async def test_facts_that_were_missed_are_read_from_the_database(town: Town) -> None:
    async with town.instance(instance="auth-1") as one, town.instance(instance="auth-2") as other:
        alice = await one.register("Alice")
        elsewhere = await other.bearing(alice.client.headers["authorization"][7:])
        end = """
            UPDATE session SET end_reason = 'logged_out', tokens_until = to_timestamp($1::float8)
        """
        await one.database.execute(end, town.clock.now() + 900.0)

        await town.tell_unreadable(SESSION_REVOKED)
        await town.clock.advance(1.0)

        async with asyncio.timeout(WAIT_S):
            while (await elsewhere.get("/v1/me")).status_code == 200:
                await settle()
