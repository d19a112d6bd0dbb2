"""Bots in rooms: taken in by those who look after the room, and never its owner."""

from typing import Any

import pytest

from libs.common.contracts.people import PersonKind
from tests.integration.rooms.house import House, Resident


@pytest.fixture
async def robot(house: House) -> Resident:
    return await house.resident("Robot", kind=PersonKind.BOT)


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_who_looks_after_a_room_takes_a_bot_in(
    house: House, alice: Resident, bob: Resident, robot: Resident, kind: str
) -> None:
    room = await alice.makes("Tea", kind=kind)
    if kind == "private":
        await alice.gives(room, bob, "member")
    else:
        await bob.joins(room)

    assert (await bob.gives(room, robot, "member")).status_code == 403
    assert (await alice.gives(room, robot, "member")).status_code == 200

    (shown,) = [one for one in await members(alice, room) if one["person"]["kind"] == "bot"]
    assert (shown["person"]["name"], shown["role"]) == ("Robot", "member")
    assert (await robot.sees("/v1/rooms", scope="mine"))["items"][0]["id"] == room["id"]
    assert (await robot.sees(f"/v1/rooms/{room['id']}"))["id"] == room["id"]


async def test_people_are_still_not_brought_into_a_public_room(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Tea")

    assert (await alice.gives(room, bob, "member")).status_code == 403


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_a_bot_knows_of_no_room_that_it_is_not_in(
    alice: Resident, robot: Resident, kind: str
) -> None:
    room = await alice.makes("Tea", kind=kind)

    for path in ("", "/members", "/permissions"):
        assert (await robot.client.get(f"/v1/rooms/{room['id']}{path}")).status_code == 404


async def test_a_bot_comes_in_by_nobody_but_those_who_look_after_the_room(
    alice: Resident, robot: Resident
) -> None:
    room = await alice.makes("Tea")

    for path in (f"{room['id']}/join", f"{room['id']}/transfer"):
        assert (await robot.client.post(f"/v1/rooms/{path}", json={})).status_code == 403
    assert (await robot.client.post("/v1/rooms", json={"title": "Mine"})).status_code == 403
    assert (await robot.writes_to(alice)).status_code == 403
    assert (await robot.gives(room, robot, "member")).status_code == 404


async def test_a_bot_owns_no_room(alice: Resident, robot: Resident) -> None:
    room = await alice.makes("Tea", kind="private")
    await alice.gives(room, robot, "member")

    transfer = await alice.client.post(
        f"/v1/rooms/{room['id']}/transfer", json={"user_id": str(robot.id)}
    )

    assert transfer.status_code == 403
    assert (await alice.gives(room, robot, "owner")).status_code == 403
    assert (await alice.gives(room, robot, "admin")).status_code == 200


async def test_a_bot_that_is_an_admin_looks_after_the_room(
    alice: Resident, bob: Resident, robot: Resident
) -> None:
    room = await alice.makes("Tea", kind="private")
    await alice.gives(room, bob, "member")
    await alice.gives(room, robot, "admin")

    out = await robot.client.delete(f"/v1/rooms/{room['id']}/members/{bob.id}")
    topic = await robot.client.patch(f"/v1/rooms/{room['id']}", json={"topic": "Tea only"})
    owner = await robot.client.delete(f"/v1/rooms/{room['id']}/members/{alice.id}")

    assert (out.status_code, topic.status_code, owner.status_code) == (204, 200, 403)


async def test_a_bot_leaves(alice: Resident, robot: Resident) -> None:
    room = await alice.makes("Tea", kind="private")
    await alice.gives(room, robot, "member")

    assert (await robot.leaves(room)).status_code == 204


async def test_somebody_writes_to_a_bot_alone(alice: Resident, robot: Resident) -> None:
    answer = await alice.writes_to(robot)

    assert (answer.status_code, answer.json()["kind"]) == (201, "direct")


async def members(who: Resident, room: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await who.sees(f"/v1/rooms/{room['id']}/members"))["items"]
    return found
