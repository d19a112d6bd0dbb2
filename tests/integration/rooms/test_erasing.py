"""Who is erased leaves every room, and nobody else loses anything by it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.people import SystemRole
from tests.integration.rooms.house import House, Resident
from tests.support.waiting import until_one_waits

AUTH = "auth"
TURNS = 10

RESTORE = """
    UPDATE room SET state = 'open', deleted_at = NULL, version = version + 1
    WHERE id = $1::text::uuid
"""


async def erase(house: House, person: Resident) -> str:
    """Ask until the service has signed; return the receipt."""
    auth = await house.another_service(AUTH)
    body = {
        "erasure_id": str(uuid4()),
        "person": {
            "id": str(person.id),
            "kind": "user",
            "name": "Deleted user",
            "system_role": SystemRole.MEMBER,
            "is_disabled": True,
            "version": 9,
        },
    }
    for _ in range(TURNS):
        answer = await auth.post("/internal/erasures", json=body)
        assert answer.status_code == httpx.codes.OK, answer.text
        if receipt := answer.json()["receipt"]:
            again = await auth.post("/internal/erasures", json=body)
            assert again.json()["receipt"] == receipt
            return str(receipt)
    raise AssertionError("never signed")


async def members(house: House, person: Resident, room: dict[str, Any]) -> dict[str, str]:
    found = await person.sees(f"/v1/rooms/{room['id']}/members")
    return {one["person"]["name"]: one["role"] for one in found["items"]}


async def test_a_member_leaves_without_a_name(house: House, alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)

    await erase(house, bob)

    assert await members(house, alice, room) == {"Alice": "owner"}
    names = {one.person.name for one in await house.told(room, 5) if hasattr(one, "person")}
    assert names == {"Alice", "Bob", "Deleted user"}
    assert await house.database.fetchval("SELECT name FROM person WHERE id = $1", bob.id) == (
        "Deleted user"
    )


async def test_the_oldest_admin_inherits_before_any_member(
    house: House, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await charlie.joins(room)
    await alice.gives(room, charlie, "admin")

    await erase(house, alice)

    assert await members(house, bob, room) == {"Bob": "member", "Charlie": "owner"}


async def test_an_heir_with_a_room_of_that_title_gets_it_under_another(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.makes("Lobby")
    await bob.joins(room)

    await erase(house, alice)

    shown = await bob.sees(f"/v1/rooms/{room['id']}")
    assert shown["title"] == f"Lobby {room['id'][-4:]}"
    assert await members(house, bob, room) == {"Bob": "owner"}


async def test_a_room_of_nobody_else_is_closed_and_its_title_gone(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("My secrets", topic="All of them")

    await erase(house, alice)

    row = await house.database.fetchrow("SELECT * FROM room")
    assert row is not None
    assert (row["state"], row["title"], row["title_key"], row["topic"]) == ("deleted", "", "", "")
    assert room["title"] not in str(await house.told(room, 5)).partition("ProjectMember")[2]


async def test_a_deleted_room_is_left_too_and_comes_back_without_them(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await alice.client.delete(f"/v1/rooms/{room['id']}")

    await erase(house, bob)

    [*_, left] = await house.told(room, 5)
    assert isinstance(left, ProjectMember)
    assert (left.person.id, left.role) == (bob.id, None)
    back = await alice.client.post(f"/v1/rooms/{room['id']}/restore")
    assert back.json()["member_count"] == 1


async def test_a_room_that_is_restored_just_then_is_left_all_the_same(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await alice.client.delete(f"/v1/rooms/{room['id']}")
    async with house.database.transaction() as restoring:
        await restoring.execute(RESTORE, room["id"])
        erasing = asyncio.create_task(erase(house, bob))
        await until_one_waits(house.database)
    await erasing

    assert await members(house, alice, room) == {"Alice": "owner"}
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["member_count"] == 1


async def test_the_other_keeps_the_direct_room(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = (await alice.writes_to(bob)).json()

    await erase(house, alice)

    assert await members(house, bob, room) == {"Bob": "member"}


async def test_a_copy_names_ones_rooms_and_nobody_in_them(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    auth = await house.another_service(AUTH)

    answer = await auth.post("/internal/exports", json={"person_id": str(bob.id)})

    (part,) = answer.json()["parts"]
    assert [one["title"] for one in part["items"]] == ["Lobby"]
    assert "Alice" not in answer.text
    assert str(alice.id) not in answer.text


async def test_only_auth_may_ask(house: House, alice: Resident) -> None:
    for path in ("/internal/erasures", "/internal/exports"):
        for name in ("messages", "gateway", "presence"):
            answer = await (await house.another_service(name)).post(path, json={})
            assert answer.status_code == httpx.codes.FORBIDDEN


async def test_what_somebody_called_things_is_gone_from_the_history(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await alice.gives(room, bob, "admin")
    await bob.client.patch(f"/v1/rooms/{room['id']}", json={"title": "Bob's place"})

    await erase(house, bob)

    [last, *_] = (await alice.sees(f"/v1/rooms/{room['id']}/changes"))["items"]
    assert (last["kind"], last["actor"]["name"]) == ("room.changed", "Deleted user")
    assert last["details"] == {}
