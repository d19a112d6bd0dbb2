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
    }


async def test_who_does_not_exist_is_not_found(alice: SignedInPerson) -> None:
    for user_id in (str(uuid4()), "1", "me", "%27", "00000000"):
        assert (await alice.get(f"/v1/users/{user_id}")).status_code == 404


async def test_people_are_found_by_a_piece_of_their_name(auth: Instance) -> None:
    alice = await auth.register("Alice")
    for number, name in enumerate(("Malik", "Åli", "Bob", "ALI BABA")):
        await auth.register(f"p{number}", name=name)

    answer = await alice.get("/v1/users", q="aLi")

    assert [user["name"] for user in answer.json()["items"]] == ["ALI BABA", "Alice", "Malik"]
    assert all("email" not in user for user in answer.json()["items"])


async def test_a_search_has_no_wildcards_and_finds_no_address(alice: SignedInPerson) -> None:
    for q in ("%", "_", "\\", "' OR 1=1 --", "@example.org", "*", "[a-z]"):
        found = (await alice.get("/v1/users", q=q)).json()

        assert found == {"items": [], "next_cursor": None}


async def test_a_list_goes_on_where_its_page_ended(auth: Instance) -> None:
    alice = await auth.register("Alice")
    for number in range(6):
        # Two names are each there twice.
        await auth.register(f"p{number}", name=f"Twin {number // 2}")
    seen: list[str] = []
    cursor: dict[str, str] = {}

    while True:
        page = (await alice.get("/v1/users", limit=2, **cursor)).json()
        seen += [user["id"] for user in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert len(seen) == len(set(seen)) == 7


async def test_a_name_of_the_longest_kind_has_a_cursor_too(auth: Instance) -> None:
    alice = await auth.register("Alice")
    for number in range(2):
        await auth.register(f"p{number}", name="🦊" * 64)

    page = (await alice.get("/v1/users", q="🦊", limit=1)).json()
    rest = await alice.get("/v1/users", q="🦊", limit=1, cursor=page["next_cursor"])

    assert len(rest.json()["items"]) == 1


async def test_a_question_out_of_bounds_is_refused(alice: SignedInPerson) -> None:
    questions = [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", "x"),
        ("cursor", "x"),
        ("cursor", "WyJhIiwgMV0"),
        ("cursor", "x" * 513),
        ("q", "x" * 65),
        ("sort", "email"),
    ]

    for field, value in questions:
        answer = await alice.get("/v1/users", **{field: value})

        assert answer.status_code == 422
        assert answer.json()["fields"].keys() == {field}
