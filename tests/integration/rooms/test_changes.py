"""Who changed what about a room: written with the change, read by its admins."""

from typing import Any

from services.rooms.model import ChangeKind
from tests.integration.rooms.hours import HOUR_S, at, until_is
from tests.integration.rooms.house import House, Resident


async def changes(who: Resident, room: dict[str, Any], **params: Any) -> dict[str, Any]:
    found = await who.sees(f"/v1/rooms/{room['id']}/changes", **params)
    return dict(found)


async def test_a_change_of_settings_names_what_was_and_what_is(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)
    await alice.gives(room, bob, "admin")

    wish = {"title": "Films", "slow_mode_s": 5, "closes_at": at(HOUR_S), "max_members": 10}
    await bob.client.patch(f"/v1/rooms/{room['id']}", json=wish)

    found = (await changes(alice, room))["items"]
    assert {one["actor"]["name"] for one in found[:4]} == {"Bob"}
    assert {one["kind"] for one in found[:4]} == {ChangeKind.ROOM_CHANGED}
    assert [one["details"] for one in reversed(found[:4])] == [
        {"field": "title", "was": "Books", "is": "Films"},
        {"field": "slow_mode_s", "was": 0, "is": 5},
        {"field": "closes_at", "was": None, "is": at(HOUR_S)},
        {"field": "max_members", "was": None, "is": 10},
    ]


async def test_what_is_done_to_members_names_both(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "member")
    await alice.gives(room, bob, "admin")
    await bob.gives(room, charlie, "member")
    await bob.client.delete(f"/v1/rooms/{room['id']}/members/{charlie.id}")

    found = (await changes(alice, room))["items"]

    assert [
        (one["kind"], one["actor"]["name"], one["subject"] and one["subject"]["name"])
        for one in reversed(found)
    ] == [
        ("room.created", "Alice", None),
        ("member.added", "Alice", "Bob"),
        ("member.role", "Alice", "Bob"),
        ("member.added", "Bob", "Charlie"),
        ("member.removed", "Bob", "Charlie"),
    ]
    assert found[2]["details"] == {"was": "member", "is": "admin"}


async def test_what_the_clock_did_was_nobodys_doing(house: House, alice: Resident) -> None:
    room = await alice.makes("Hour", kind="guest", closes_at=at(60))
    await house.clock.advance(60)
    await until_is(house, room, "closed")

    [last, _] = (await changes(alice, room))["items"]

    assert last["actor"] is None
    assert last["details"] == {"field": "state", "was": "open", "is": "closed"}


async def test_a_new_password_is_noted_and_not_told(alice: Resident) -> None:
    room = await alice.makes("Hour", kind="guest", password="swordfish")

    await alice.client.patch(f"/v1/rooms/{room['id']}", json={"password": "herring"})

    [last, _] = (await changes(alice, room))["items"]
    assert last["details"] == {"field": "password"}


async def test_who_comes_and_goes_by_themselves_stands_in_the_log_alone(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)
    await bob.leaves(room)

    assert len((await changes(alice, room))["items"]) == 1


async def test_a_refused_change_leaves_no_trace(alice: Resident) -> None:
    await alice.makes("Books")
    room = await alice.makes("Films")

    await alice.client.patch(f"/v1/rooms/{room['id']}", json={"title": "Books"})

    assert len((await changes(alice, room))["items"]) == 1


async def test_history_comes_in_pages_from_the_newest(alice: Resident) -> None:
    room = await alice.makes("Books")
    for number in range(1, 5):
        await alice.client.patch(f"/v1/rooms/{room['id']}", json={"slow_mode_s": number})

    pages: list[list[Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await changes(alice, room, limit=2, **cursor)
        pages.append([one["details"].get("is") for one in page["items"]])
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert pages == [[4, 3], [2, 1], [None]]


async def test_only_those_who_look_after_a_room_see_its_history(
    alice: Resident, bob: Resident, charlie: Resident, olga: Resident
) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)
    path = f"/v1/rooms/{room['id']}/changes"

    answers = [await one.client.get(path) for one in (alice, bob, charlie, olga)]

    assert [one.status_code for one in answers] == [200, 403, 403, 200]
    assert answers[2].json()["code"] == "not_member"
