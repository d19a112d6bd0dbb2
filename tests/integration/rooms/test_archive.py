"""Rooms that are put away, and rooms that were deleted too soon."""

from typing import Any

import pytest

from libs.common.contracts.commands import ProjectRoom
from libs.common.contracts.rooms import RoomState
from tests.integration.rooms.hours import HOUR_S, at
from tests.integration.rooms.house import House, Resident, house_at


async def titles(who: Resident, scope: str) -> list[str]:
    return [one["title"] for one in (await who.sees("/v1/rooms", scope=scope))["items"]]


async def does(who: Resident, room: dict[str, Any], what: str) -> tuple[int, Any]:
    """Return status and body of an action on a room."""
    answer = await who.client.post(f"/v1/rooms/{room['id']}/{what}")
    return answer.status_code, answer.json()


async def test_an_archived_room_is_closed_and_found_by_its_members_only(
    house: House, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)

    status, shown = await does(alice, room, "archive")

    assert (status, shown["state"], shown["archived_at"]) == (200, "closed", at(0))
    assert await titles(charlie, "public") == []
    assert await titles(bob, "mine") == ["Books"]
    assert (await charlie.joins(room)).status_code == 403
    told = (await house.told(room, 4))[-1]
    assert isinstance(told, ProjectRoom)
    assert (told.state, told.is_archived) == (RoomState.CLOSED, True)


@pytest.mark.parametrize("state", ["open", "read_only"])
async def test_a_room_comes_out_of_the_archive_as_it_went_in(alice: Resident, state: str) -> None:
    room = await alice.makes("Books")
    await alice.client.patch(f"/v1/rooms/{room['id']}", json={"state": state})
    await does(alice, room, "archive")

    status, shown = await does(alice, room, "unarchive")

    assert (status, shown["state"], shown["archived_at"]) == (200, state, None)
    assert await titles(alice, "public") == ["Books"]


async def test_archiving_twice_is_archiving_once(house: House, alice: Resident) -> None:
    room = await alice.makes("Books")
    await does(alice, room, "archive")

    status, _ = await does(alice, room, "archive")

    assert status == 200
    kinds = [one["kind"] for one in (await history(alice, room))]
    assert kinds == ["room.archived", "room.created"]


async def test_only_owners_archive(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)
    await alice.gives(room, bob, "admin")

    status, problem = await does(bob, room, "archive")

    assert (status, problem["code"]) == (403, "forbidden")


@pytest.mark.parametrize("wish", [{"state": "open"}, {"closes_at": at(HOUR_S)}])
async def test_what_is_in_the_archive_is_not_opened_by_hand(
    alice: Resident, wish: dict[str, Any]
) -> None:
    room = await alice.makes("Books")
    await does(alice, room, "archive")

    answer = await alice.client.patch(f"/v1/rooms/{room['id']}", json=wish)

    assert (answer.status_code, answer.json()["code"]) == (409, "room_archived")


async def test_a_deleted_room_comes_back_with_everybody_in_it(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)
    await alice.client.delete(f"/v1/rooms/{room['id']}")

    gone = (await alice.sees("/v1/rooms", scope="deleted"))["items"]
    status, shown = await does(alice, room, "restore")

    assert [(one["title"], one["state"], one["purge_at"]) for one in gone] == [
        ("Books", "deleted", at(30 * 86_400))
    ]
    assert (status, shown["state"], shown["deleted_at"]) == (200, "open", None)
    assert await titles(bob, "mine") == ["Books"]
    assert await titles(alice, "deleted") == []
    told = [one for one in await house.told(room, 5) if isinstance(one, ProjectRoom)]
    assert [one.state for one in told] == [RoomState.OPEN, RoomState.DELETED, RoomState.OPEN]


async def test_only_owners_see_and_restore_what_was_deleted(
    house: House, alice: Resident, bob: Resident, charlie: Resident, olga: Resident
) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)
    await alice.gives(room, bob, "admin")
    await alice.client.delete(f"/v1/rooms/{room['id']}")

    refused = [(await does(one, room, "restore"))[0] for one in (bob, charlie)]

    assert refused == [404, 404]
    assert await titles(bob, "deleted") == []
    assert (await does(olga, room, "restore"))[0] == 200


async def test_a_hidden_room_that_was_deleted_stays_hidden(
    alice: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Secret", kind="private")
    await alice.client.delete(f"/v1/rooms/{room['id']}")

    assert (await does(charlie, room, "restore"))[0] == 404


async def test_a_title_that_was_given_away_meanwhile_is_not_taken_back(alice: Resident) -> None:
    room = await alice.makes("Books")
    await alice.client.delete(f"/v1/rooms/{room['id']}")
    await alice.makes("books")

    status, problem = await does(alice, room, "restore")

    assert (status, problem["code"]) == (409, "title_taken")


async def test_restoring_is_no_way_around_the_limit_of_rooms(dsn: str) -> None:
    async with house_at(dsn, rooms_per_owner=1) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Books")
        await alice.client.delete(f"/v1/rooms/{room['id']}")
        await alice.makes("Films")

        status, problem = await does(alice, room, "restore")

    assert (status, problem["code"]) == (409, "too_many_rooms")


@pytest.mark.parametrize(("waits_s", "status"), [(59, 200), (61, 404)])
async def test_a_room_is_restored_within_its_grace(dsn: str, waits_s: int, status: int) -> None:
    async with house_at(dsn, delete_grace_s=60, purge_every_s=3_600) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Books")
        await alice.client.delete(f"/v1/rooms/{room['id']}")
        await house.clock.advance(waits_s)

        assert (await does(alice, room, "restore"))[0] == status


async def test_what_was_not_deleted_is_not_restored(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Books")
    direct = (await alice.writes_to(bob)).json()

    assert (await does(alice, room, "restore"))[0] == 404
    assert (await does(alice, direct, "restore"))[0] == 404


async def history(who: Resident, room: dict[str, Any]) -> list[dict[str, Any]]:
    found = await who.sees(f"/v1/rooms/{room['id']}/changes")
    return list(found["items"])
