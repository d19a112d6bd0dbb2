"""A new name comes into every room, whoever comes, goes or is given a role at that moment."""

import asyncio
from typing import Any

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.people import Person, PersonKind, RoomRole
from services.rooms.store.rooms import RoomStore
from services.rooms.store.writing import Writing
from tests.integration.rooms.house import House, Resident, house_at
from tests.integration.rooms.test_people import changed, publish
from tests.integration.rooms.test_purge import nobody
from tests.support.waiting import until_one_waits

HOLD = "SELECT FROM room WHERE id = $1::text::uuid FOR NO KEY UPDATE"

ENTER = """
    INSERT INTO member (room_id, person_id, name, role, since)
    VALUES ($1::text::uuid, $2, 'Bob', 'member', now())
"""

LEAVE = "DELETE FROM member WHERE room_id = $1::text::uuid AND person_id = $2"


async def test_who_joins_while_they_are_renamed_comes_by_the_new_name(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    async with house.database.transaction() as others:
        await others.execute(HOLD, room["id"])
        joining = asyncio.create_task(bob.joins(room))
        await until_one_waits(house.database)
        await publish(house, changed(bob, 2, name="Robert"))
    await joining

    assert await told(house, room, bob, 3) == ["Robert"]


async def test_who_is_about_to_be_in_a_room_is_renamed_there_too(
    house: House, alice: Resident, bob: Resident
) -> None:
    room, _ = await alice.makes("Lobby"), await bob.makes("Attic")
    async with house.database.transaction() as joining:
        await joining.execute(ENTER, room["id"], bob.id)
        renaming = asyncio.create_task(publish(house, changed(bob, 2, name="Robert")))
        await until_one_waits(house.database)
    await renaming

    assert await told(house, room, bob, 3) == ["Robert"]


async def test_a_room_that_is_left_just_then_keeps_the_name_from_no_other(dsn: str) -> None:
    async with house_at(dsn, rename_batch=1) as house:
        alice, bob = await house.resident("Alice"), await house.resident("Bob")
        rooms = [await alice.makes(title) for title in ("Lobby", "Attic")]
        for room in rooms:
            await bob.joins(room)
        first, second = sorted(rooms, key=lambda room: str(room["id"]))
        async with house.database.transaction() as leaving:
            await leaving.execute(HOLD, first["id"])
            await leaving.execute(LEAVE, first["id"], bob.id)
            renaming = asyncio.create_task(publish(house, changed(bob, 2, name="Robert")))
            await until_one_waits(house.database)
        await renaming

        assert await told(house, second, bob, 4) == ["Bob", "Robert"]


async def test_who_is_given_a_role_by_the_old_name_keeps_the_new_one(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await publish(house, changed(bob, 2, name="Robert"))
    rooms = RoomStore(house.database, Writing(house.database, tell=nobody), on_hours=lambda: None)

    async with rooms.hold(room["id"]) as held:
        assert held is not None
        await held.change_role(
            _person(bob), RoomRole.ADMIN, actor=_person(alice), now=house.clock.now()
        )

    await alice.makes("Attic")  # which wakes whoever publishes
    assert await told(house, room, bob, 5) == ["Bob", "Robert", "Robert"]


async def told(house: House, room: dict[str, Any], person: Resident, count: int) -> list[str]:
    """Return by what names messages was told of somebody, among `count` commands about a room."""
    return [
        one.person.name
        for one in await house.told(room, count)
        if isinstance(one, ProjectMember) and one.person.id == person.id
    ]


def _person(resident: Resident) -> Person:
    return Person(PersonKind.USER, resident.id, resident.name)
