"""What those who look after a room set about it, and take away again."""

from typing import Any

import pytest

from libs.common.contracts.commands import ProjectRoom
from tests.integration.rooms.hours import HOUR_S, at
from tests.integration.rooms.house import House, Resident


async def wishes(who: Resident, room: dict[str, Any], **wish: Any) -> dict[str, Any]:
    answer = await who.client.patch(f"/v1/rooms/{room['id']}", json=wish)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_room_takes_no_more_than_its_own_limit(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Books", max_members=2)
    await bob.joins(room)

    refused = await charlie.joins(room)
    await wishes(alice, room, max_members=None)
    taken = await charlie.joins(room)

    assert (refused.status_code, refused.json()["code"]) == (409, "room_full")
    assert taken.status_code == 200


async def test_a_limit_below_who_is_in_puts_nobody_out(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)
    await charlie.joins(room)

    assert (await wishes(alice, room, max_members=2))["member_count"] == 3


async def test_null_takes_away_what_may_be_missing(alice: Resident) -> None:
    said = {"closes_at": at(HOUR_S), "max_members": 5, "purge_after_s": 60}
    room = await alice.makes("Hour", kind="guest", password="swordfish", **said)

    bare = await wishes(alice, room, password=None, **dict.fromkeys(said))

    assert {name: room[name] for name in said} == said
    assert {name: bare[name] for name in said} == dict.fromkeys(said)
    assert (room["has_password"], bare["has_password"]) == (True, False)


async def test_what_is_left_out_stays(alice: Resident) -> None:
    said = {"opens_at": at(60), "closes_at": at(HOUR_S), "max_members": 5, "purge_after_s": 60}
    room = await alice.makes("Hour", kind="guest", password="swordfish", **said)

    changed = await wishes(alice, room, topic="An hour")

    assert changed["topic"] == "An hour"
    assert {name: changed[name] for name in said} == said
    assert changed["has_password"]
    assert changed["slug"] == room["slug"]


async def test_a_locked_door_is_told(house: House, alice: Resident) -> None:
    room = await alice.makes("Hour", kind="guest")

    assert (await wishes(alice, room, is_locked=True))["is_locked"]
    assert not (await wishes(alice, room, is_locked=False))["is_locked"]

    told = [one for one in await house.told(room, 4) if isinstance(one, ProjectRoom)]
    assert [one.is_locked for one in told] == [None, True, None]


async def test_nobody_has_null_where_something_has_to_be(alice: Resident) -> None:
    room = await alice.makes("Books", topic="What we read", slow_mode_s=5)

    same = await wishes(alice, room, title=None, topic=None, slow_mode_s=None, is_locked=None)

    assert same == room


@pytest.mark.parametrize(("role", "sees"), [("admin", True), ("member", False)])
async def test_links_and_passwords_are_for_those_who_look_after_the_room(
    alice: Resident, bob: Resident, role: str, sees: bool
) -> None:
    room = await alice.makes("Hour", kind="guest", password="swordfish")
    await alice.gives(room, bob, role)

    shown = await bob.sees(f"/v1/rooms/{room['id']}")

    assert (shown["slug"] is not None, shown["has_password"] is not None) == (sees, sees)


async def test_moments_are_understood_in_any_zone(alice: Resident) -> None:
    room = await alice.makes("Hour", opens_at="2023-11-15T00:13:20+01:00")

    assert room["opens_at"] == at(HOUR_S)
    assert room["state"] == "scheduled"
