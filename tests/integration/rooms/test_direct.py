"""For each set of people there is one direct or group room."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.rooms.entrance import code, opened
from tests.integration.rooms.house import House, Resident, house_at

HOUR_S = 3_600

WRONG_WISHES: list[tuple[str, dict[str, Any]]] = [
    ("user_ids", {"user_ids": []}),
    ("user_ids", {"user_ids": [str(uuid4()) for _ in range(101)]}),
    ("user_ids", {"user_ids": [str(uuid4()) for _ in range(20)]}),
    ("user_ids.0", {"user_ids": ["alice"]}),
    ("user_ids", {}),
    ("kind", {"user_ids": [str(uuid4())], "kind": "direct"}),
    ("title", {"user_ids": [str(uuid4())], "title": "Us"}),
]


async def test_a_direct_room_is_made_once_whoever_asks(alice: Resident, bob: Resident) -> None:
    first = await alice.writes_to(bob)
    second = await bob.writes_to(alice)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["kind"] == "direct"


async def test_a_direct_room_shows_its_people(alice: Resident, bob: Resident) -> None:
    room = (await alice.writes_to(bob)).json()

    (listed,) = (await bob.sees("/v1/rooms"))["items"]

    assert [person["name"] for person in listed["people"]] == ["Alice", "Bob"]
    assert listed == await bob.sees(f"/v1/rooms/{room['id']}")
    assert (listed["title"], listed["role"]) == ("", "member")


async def test_three_people_are_a_group_and_not_the_room_of_two(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    two = (await alice.writes_to(bob)).json()
    three = (await alice.writes_to(bob, charlie)).json()
    again = (await charlie.writes_to(alice, bob)).json()

    assert (two["kind"], three["kind"]) == ("direct", "group")
    assert three["id"] == again["id"] != two["id"]


async def test_naming_somebody_twice_or_oneself_changes_nothing(
    alice: Resident, bob: Resident
) -> None:
    room = (await alice.writes_to(bob)).json()

    assert (await alice.writes_to(bob, alice, bob)).json()["id"] == room["id"]


async def test_nobody_leaves_a_direct_room(alice: Resident, bob: Resident) -> None:
    room = (await alice.writes_to(bob)).json()

    assert (await bob.leaves(room)).status_code == 403


async def test_a_group_that_somebody_left_is_no_longer_the_room_of_those_people(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    group = (await alice.writes_to(bob, charlie)).json()
    await charlie.leaves(group)

    anew = await alice.writes_to(bob, charlie)

    assert anew.status_code == 201
    assert len((await alice.sees("/v1/rooms"))["items"]) == 2
    assert [room["id"] for room in (await charlie.sees("/v1/rooms"))["items"]] == [
        anew.json()["id"]
    ]


async def test_a_deleted_direct_room_makes_room_for_another(
    alice: Resident, bob: Resident, olga: Resident
) -> None:
    room = (await alice.writes_to(bob)).json()
    await olga.client.delete(f"/v1/rooms/{room['id']}")

    assert (await alice.writes_to(bob)).status_code == 201


@pytest.mark.parametrize("is_known", [False, True])
async def test_who_is_not_there_cannot_be_written_to(
    house: House, alice: Resident, bob: Resident, is_known: bool
) -> None:
    ghost = await house.resident("Ghost", is_disabled=True)
    if not is_known:
        del house.auth.cards[ghost.id]

    answer = await alice.writes_to(bob, ghost)

    assert (answer.status_code, answer.json()["message"]) == (404, "There is no such person.")
    assert (await alice.sees("/v1/rooms"))["items"] == []


async def test_a_wrong_wish_is_refused_by_name(alice: Resident) -> None:
    for field, body in WRONG_WISHES:
        answer = await alice.client.post("/v1/direct", json=body)

        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), body


async def test_who_has_no_account_is_in_no_direct_room(house: House, alice: Resident) -> None:
    door = await opened(house, alice)
    dora = await door.guest("Dora")
    assert (await dora.client.get(f"/v1/rooms/{door.room['id']}")).status_code == 200

    answer = await alice.client.post("/v1/direct", json={"user_ids": [dora.id]})

    assert code(answer) == (404, "not_found")


async def test_nobody_is_alone_in_a_direct_room(alice: Resident) -> None:
    answer = await alice.writes_to(alice)

    assert answer.json()["fields"] == {"user_ids": "must name somebody else"}


async def test_nobody_begins_more_direct_rooms_than_the_setting_allows(dsn: str) -> None:
    async with house_at(dsn, direct_per_person=1) as house:
        alice, bob, charlie = [await house.resident(name) for name in ("Alice", "Bob", "Charlie")]
        await alice.writes_to(bob)

        refused = await alice.writes_to(charlie)
        same = await alice.writes_to(bob)
        begun_by_other = await charlie.writes_to(alice)

    assert refused.json()["code"] == "too_many_rooms"
    assert (same.status_code, begun_by_other.status_code) == (200, 201)


async def test_nobody_begins_many_direct_rooms_within_an_hour(dsn: str) -> None:
    async with house_at(dsn, direct_per_hour=1) as house:
        alice, bob, charlie = [await house.resident(name) for name in ("Alice", "Bob", "Charlie")]
        await alice.writes_to(bob)

        refused = await alice.writes_to(charlie)
        same = await alice.writes_to(bob)
        begun_by_other = await bob.writes_to(charlie)
        await house.clock.advance(HOUR_S)
        later = await alice.writes_to(charlie)

    assert (refused.status_code, refused.json()["retry_after_ms"]) == (429, HOUR_S * 1000)
    assert [one.status_code for one in (same, begun_by_other, later)] == [200, 201, 201]
