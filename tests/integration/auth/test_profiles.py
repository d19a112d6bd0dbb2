"""One's own account, and what others may know of it."""

from uuid import uuid4

from libs.common.contracts.facts import USER_UPDATED, UserChanged
from tests.integration.auth.living import Instance, SignedInPerson, Town


async def test_a_stranger_sees_nobody(auth: Instance) -> None:
    stranger = await auth.client()

    for method, path in [
        ("GET", "/v1/me"),
        ("PATCH", "/v1/me"),
        ("GET", "/v1/users"),
        ("GET", f"/v1/users/{uuid4()}"),
        ("GET", "/v1/me/preferences"),
        ("PUT", "/v1/me/preferences"),
    ]:
        assert (await stranger.request(method, path)).status_code == 401


async def test_a_new_name_is_shown_and_told(
    town: Town, auth: Instance, alice: SignedInPerson
) -> None:
    await town.clock.advance(5.0)

    answer = await alice.client.patch("/v1/me", json={"name": " Alicia  "})

    assert answer.status_code == 200
    assert answer.json()["name"] == "Alicia"
    assert answer.json()["updated_at"] == "2023-11-14T22:13:25.000Z"
    assert (await alice.get("/v1/me")).json() == answer.json()
    (fact,) = await town.heard(USER_UPDATED)
    assert isinstance(fact, UserChanged)
    assert (str(fact.person_id), fact.name, fact.version) == (alice.id, "Alicia", 2)


async def test_a_change_of_nothing_changes_nothing(town: Town, alice: SignedInPerson) -> None:
    before = (await alice.get("/v1/me")).json()

    answer = await alice.client.patch("/v1/me", json={})

    assert answer.json() == before
    assert USER_UPDATED not in town.fact_keys


async def test_nothing_but_a_good_name_can_be_changed(alice: SignedInPerson) -> None:
    before = (await alice.get("/v1/me")).json()
    bodies: list[object] = [
        {"name": ""},
        {"name": "x" * 65},
        {"name": "Al\u200bice"},
        {"name": 7},
        {"email": "other@example.org"},
        {"system_role": "owner"},
        {"name": "Alicia", "id": "00000000-0000-7000-8000-000000000001"},
        {"version": 9},
        [],
    ]

    for body in bodies:
        assert (await alice.client.patch("/v1/me", json=body)).status_code == 422

    assert (await alice.get("/v1/me")).json() == before


async def test_others_are_shown_without_their_address(
    alice: SignedInPerson, bob: SignedInPerson
) -> None:
    answer = await bob.get(f"/v1/users/{alice.id}")

    assert answer.json() == {
        "id": alice.id,
        "kind": "user",
        "name": "Alice",
        "system_role": "member",
        "is_disabled": False,
        "avatar": None,
    }


async def test_who_does_not_exist_is_not_found(alice: SignedInPerson) -> None:
    for user_id in (str(uuid4()), "1", "me", "%27", "00000000"):
        assert (await alice.get(f"/v1/users/{user_id}")).status_code == 404
