"""What other services ask for, and nobody else."""

from uuid import uuid4

import httpx
import pytest

from tests.integration.auth.living import Instance, SignedInPerson, Town

INTERNAL = 1
PATHS = ["/internal/people", "/internal/revocations"]


async def service(auth: Instance, token: str = "rooms") -> httpx.AsyncClient:
    """Return the client of another service."""
    return await auth.client(listener=INTERNAL, authorization=f"Bearer {token}")


async def test_people_are_told_without_their_address(auth: Instance, alice: SignedInPerson) -> None:
    rooms = await service(auth)

    answer = await rooms.post("/internal/people", json={"person_ids": [alice.id, str(uuid4())]})

    assert answer.json() == {
        "people": [
            {
                "id": alice.id,
                "kind": "user",
                "name": "Alice",
                "system_role": "member",
                "is_disabled": False,
                "version": 1,
                "avatar": None,
            }
        ]
    }


async def test_a_question_names_at_most_a_thousand_people(auth: Instance) -> None:
    rooms = await service(auth)
    ids = [str(uuid4()) for _ in range(1_001)]

    assert (await rooms.post("/internal/people", json={"person_ids": ids})).status_code == 422
    asked = await rooms.post("/internal/people", json={"person_ids": ids[:1_000]})
    assert asked.json() == {"people": []}


async def test_ended_sessions_are_told_until_no_verifier_takes_their_tokens(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        rooms = await service(auth)
        alice, _ = await auth.register("Alice"), await auth.register("Bob")
        (session,) = (await alice.get("/v1/auth/sessions")).json()["items"]
        await alice.post("/v1/auth/logout")

        at_once = (await rooms.post("/internal/revocations", json={})).json()["sessions"]
        await town.clock.advance(959.0)
        late = (await rooms.post("/internal/revocations", json={})).json()["sessions"]
        await town.clock.advance(1.0)
        later = (await rooms.post("/internal/revocations", json={})).json()["sessions"]

    assert at_once == [{"session_id": session["id"], "until": 1_700_000_900.0}]
    assert (late, later) == (at_once, [])


@pytest.mark.parametrize("path", PATHS)
async def test_users_and_strangers_find_no_door(
    auth: Instance, alice: SignedInPerson, path: str
) -> None:
    access_token = alice.client.headers["authorization"].removeprefix("Bearer ")
    nobody = await auth.client(listener=INTERNAL)
    user = await service(auth, access_token)
    unknown_service = await service(auth, "stranger")

    assert (await nobody.post(path, json={})).status_code == 401
    assert (await user.post(path, json={})).status_code == 401
    assert (await unknown_service.post(path, json={})).status_code == 403


@pytest.mark.parametrize("path", PATHS)
async def test_the_public_port_does_not_know_the_internal_paths(
    auth: Instance, alice: SignedInPerson, path: str
) -> None:
    rooms_outside = await auth.client(authorization="Bearer rooms")

    assert (await rooms_outside.post(path, json={})).status_code == 404
    assert (await alice.post(path, json={})).status_code == 404


async def test_metrics_are_inside_only(auth: Instance, alice: SignedInPerson) -> None:
    inside = await auth.client(listener=INTERNAL)

    assert "chat_auth_hash_queue_count" in (await inside.get("/metrics")).text
    assert (await alice.get("/metrics")).status_code == 404


async def test_auth_is_ready_with_its_database_and_its_bus(auth: Instance) -> None:
    stranger = await auth.client()

    assert (await stranger.get("/readyz")).json() == {"status": "ready"}
    await auth.database.close(timeout_s=5)
    answer = await stranger.get("/readyz")
    assert (answer.status_code, answer.json()["fields"].keys()) == (503, {"database"})
