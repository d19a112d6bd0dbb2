"""People are found by what somebody remembers of their name, and by nothing else."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from services.auth.store.words import catch_up
from tests.integration.auth.living import Instance, SignedInPerson, Town

FORGET = "UPDATE account SET search_key = NULL, searched_name = NULL"
FORGET_WORDS = "DELETE FROM account_word"
RENAME = "UPDATE account SET name = 'Berta' WHERE name = 'Bob'"


async def town_of(auth: Instance, *names: str) -> SignedInPerson:
    """Register Alice, who is returned, and people of these names."""
    alice = await auth.register("Alice")
    for number, name in enumerate(names):
        await auth.register(f"p{number}", name=name)
    return alice


async def found(person: SignedInPerson, q: str, **more: Any) -> list[str]:
    answer = await person.get("/v1/users", q=q, **more)
    assert answer.status_code == 200, answer.text
    return [user["name"] for user in answer.json()["items"]]


async def test_the_exact_name_comes_first_then_names_that_begin_so_then_words(
    auth: Instance,
) -> None:
    alice = await town_of(auth, "Eva Ali", "Ali", "ALI BABA", "Malik", "Alina", "Åli", "Bob")

    exact, rest = (await found(alice, "aLi"))[:2], (await found(alice, "aLi"))[2:]

    assert sorted(exact) == ["Ali", "Åli"]
    assert rest == ["ALI BABA", "Alice", "Alina", "Eva Ali"]


async def test_words_are_found_in_any_order(auth: Instance) -> None:
    alice = await town_of(auth, "Anna Karenina", "Anna Bovary", "Karen Annable", "Karenina")

    assert await found(alice, "kar ann") == ["Karen Annable", "Anna Karenina"]
    assert await found(alice, "karenina anna") == ["Anna Karenina"]
    assert await found(alice, "anna bob") == []


async def test_who_has_two_such_words_is_found_once(auth: Instance) -> None:
    alice = await town_of(auth, "Bob Mann Mark", "Mark Mann", "Bob Mark Mark Marker")

    assert await found(alice, "ma") == ["Mark Mann", "Bob Mann Mark", "Bob Mark Mark Marker"]
    assert await found(alice, "ma bo") == ["Bob Mann Mark", "Bob Mark Mark Marker"]


async def test_a_new_name_is_found_at_once_and_the_old_one_is_not(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await bob.client.patch("/v1/me", json={"name": "Robert Tables"})

    assert await found(alice, "tab") == ["Robert Tables"]
    assert await found(alice, "bob") == []


async def test_all_are_listed_by_name_where_nothing_is_searched_for(auth: Instance) -> None:
    alice = await town_of(auth, "Zoë", "bob", "Émile", "Eva")

    assert await found(alice, "") == ["Alice", "bob", "Émile", "Eva", "Zoë"]


async def test_every_page_goes_on_where_the_one_before_ended(auth: Instance) -> None:
    names = ["Ann", "Anna", "Bob Ann", "Bob Ann", "Ann Ann", "Zed Annex", "Eve Ann Bo", "Annika"]
    alice = await town_of(auth, *names)
    seen: list[str] = []
    cursor: dict[str, str] = {}

    while True:
        page = (await alice.get("/v1/users", q="ann", limit=2, **cursor)).json()
        seen += [user["name"] for user in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert seen == await found(alice, "ann")
    assert sorted(seen) == sorted(names)


async def test_an_address_is_never_looked_at(auth: Instance) -> None:
    alice = await auth.register("Alice")
    await auth.register("carla", name="Somebody Else")

    for q in ("carla", "carla@example.org", "example", "org"):
        assert await found(alice, q) == []


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


async def test_people_are_given_by_their_ids_in_the_order_asked_for(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    answer = await alice.get("/v1/users", ids=f"{bob.id},{uuid4()},{alice.id},{bob.id}", limit=4)

    assert [user["id"] for user in answer.json()["items"]] == [bob.id, alice.id]
    assert answer.json()["next_cursor"] is None
    assert "example.org" not in answer.text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"ids": "x"}, "ids.0"),
        ({"ids": ",".join(str(uuid4()) for _ in range(101))}, "ids"),
        ({"ids": str(uuid4()), "q": "a"}, "ids"),
    ],
    ids=["no id", "too many", "both"],
)
async def test_ids_out_of_bounds_are_refused(
    alice: SignedInPerson, asked: dict[str, str], field: str
) -> None:
    answer = await alice.get("/v1/users", **asked)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


async def test_nobody_copies_the_list_of_people_by_searching(town: Town) -> None:
    async with town.instance(searches_burst=2, searches_per_minute=60) as auth:
        alice, bob = await auth.register("Alice"), await auth.register("Bob")
        answers = [await alice.get("/v1/users", q="b") for _ in range(3)]
        await town.clock.advance(1.0)

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert (await bob.get("/v1/users")).status_code == 200
        assert (await alice.get("/v1/users")).status_code == 200


async def test_who_was_made_by_an_older_release_is_found_after_a_moment(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await auth.database.execute(FORGET)
    await auth.database.execute(FORGET_WORDS)
    await auth.database.execute(RENAME)
    before = await found(alice, "")

    assert await catch_up(auth.database) == 2
    assert await catch_up(auth.database) == 0

    assert (before, await found(alice, "")) == ([], ["Alice", "Berta"])
    assert await found(bob, "ber") == ["Berta"]


async def test_a_worker_looks_for_them_at_the_start(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        alice = await auth.register("Alice")
        await auth.database.execute(FORGET)

        async with town.instance(workers={"search_words"}):
            async with asyncio.timeout(30.0):
                while not await found(alice, "ali"):
                    pass


async def test_two_instances_make_the_words_of_different_people(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        await town_of(auth, *(f"P {number}" for number in range(5)))
        await auth.database.execute(FORGET)

        made = await asyncio.gather(*(catch_up(auth.database) for _ in range(3)))

        assert sum(made) == 6
