"""Whatever changes in a room is told to the messages service: in order, once it is committed."""

import asyncio
from typing import Any
from uuid import UUID

from libs.common.bus.topology import room_commands, shard_of
from libs.common.contracts.commands import Payload, ProjectMember, ProjectRoom
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from libs.common.outbox import waiting
from tests.integration.rooms.house import PATIENCE_S, SHARDS, House, Resident, house_at
from tests.support.clock import settle


def shown(payload: Payload) -> tuple[int, str, object]:
    """Return version, of what, and what it is now."""
    match payload:
        case ProjectRoom():
            return payload.version, "room", payload.state
        case ProjectMember():
            return payload.version, payload.person.name, payload.role or payload.departure
    raise TypeError(payload)


async def until_nothing_waits(house: House) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (await waiting(house.database)).rows:
            await settle()


async def test_a_new_room_is_told_with_its_owner(house: House, alice: Resident) -> None:
    room = await alice.makes("Books", topic="What we read", slow_mode_s=5)

    assert await house.told(room, 2) == [
        ProjectRoom(1, RoomKind.PUBLIC, RoomState.OPEN, "Books", "What we read", 5),
        ProjectMember(2, person(alice), RoomRole.OWNER),
    ]


async def test_a_direct_room_is_told_with_all_its_people(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = (await bob.writes_to(alice)).json()

    told = await house.told(room, 3)

    assert told[0] == ProjectRoom(1, RoomKind.DIRECT, RoomState.OPEN, "", "", 0)
    assert {one.person.name: one.role for one in told[1:] if isinstance(one, ProjectMember)} == {
        "Alice": RoomRole.MEMBER,
        "Bob": RoomRole.MEMBER,
    }


async def test_every_change_takes_the_next_version(
    house: House, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Books")
    path = f"/v1/rooms/{room['id']}"
    await bob.joins(room)
    await charlie.joins(room)
    await alice.gives(room, bob, "admin")
    await bob.client.patch(path, json={"state": "read_only"})
    await alice.client.delete(f"{path}/members/{charlie.id}")
    await alice.client.post(f"{path}/transfer", json={"user_id": str(bob.id)})
    await alice.leaves(room)
    await bob.client.delete(path)

    told = await house.told(room, 11)

    assert [shown(one) for one in told] == [
        (1, "room", RoomState.OPEN),
        (2, "Alice", RoomRole.OWNER),
        (3, "Bob", RoomRole.MEMBER),
        (4, "Charlie", RoomRole.MEMBER),
        (5, "Bob", RoomRole.ADMIN),
        (6, "room", RoomState.READ_ONLY),
        (7, "Charlie", Departure.REMOVED),
        (8, "Bob", RoomRole.OWNER),
        (9, "Alice", RoomRole.ADMIN),
        (10, "Alice", Departure.LEFT),
        (11, "room", RoomState.DELETED),
    ]


async def test_a_command_says_who_did_it_and_may_come_twice(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "member")

    commands = await house.commanded(room, count=3)

    assert {one.actor for one in commands} == {person(alice)}
    assert [one.command_id for one in commands] == [f"{room['id']}:{n}" for n in (1, 2, 3)]
    assert {(one.ref, one.origin) for one in commands} == {(None, "")}
    assert all(one.deadline > house.clock.now() + 1e9 for one in commands)
    assert all(one.request_id and one.traceparent for one in commands)


async def test_what_changes_nothing_is_not_told(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "member")

    await alice.gives(room, bob, "member")
    await bob.joins(room)
    await alice.client.patch(f"/v1/rooms/{room['id']}", json={"title": "Attic"})
    await alice.client.patch(f"/v1/rooms/{room['id']}", json={})
    await until_nothing_waits(house)

    assert len(await house.told(room, 3)) == 3


async def test_what_was_refused_is_not_told(house: House, alice: Resident) -> None:
    await alice.makes("Books")
    films = await alice.makes("Films")

    await alice.client.patch(f"/v1/rooms/{films['id']}", json={"title": "Books"})
    await alice.leaves(films)
    await until_nothing_waits(house)

    assert len(await house.told(films, 2)) == 2


async def test_what_the_bus_does_not_take_leaves_later(dsn: str) -> None:
    async with house_at(dsn, has_messages=False, tell_timeout_s=0.05) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Books")
        kept = (await waiting(house.database)).rows

        await house.listen()
        told = await _told_in_time(house, room)
        await until_nothing_waits(house)

    assert kept == 2
    assert [one.version for one in told if isinstance(one, ProjectRoom | ProjectMember)] == [1, 2]


async def test_a_command_is_kept_until_it_was_obeyed(dsn: str) -> None:
    async with house_at(dsn, has_messages=False, tell_timeout_s=0.05) as house:
        taken: asyncio.Queue[object] = asyncio.Queue()
        for shard in range(SHARDS):
            await house.bus.consume(room_commands(shard), taken.put_nowait, prefetch=1)
        alice = await house.resident("Alice")

        await alice.makes("Books")
        await asyncio.wait_for(taken.get(), PATIENCE_S)

        assert (await waiting(house.database)).rows == 2


async def test_rooms_of_many_shards_leave_side_by_side(house: House, alice: Resident) -> None:
    rooms = [await alice.makes(f"Room {number}") for number in range(8)]

    told = [await house.told(room, 2) for room in rooms]

    assert all(len(one) == 2 for one in told)
    assert len({shard_of(UUID(room["id"]), SHARDS) for room in rooms}) > 1


async def _told_in_time(house: House, room: dict[str, Any]) -> list[Payload]:
    """Let the relay's waits pass until the room was told of."""
    telling = asyncio.create_task(house.told(room, 2))
    while not telling.done():
        await house.clock.advance(1.0)
    return await telling


def person(resident: Resident) -> Person:
    return Person(kind=PersonKind.USER, id=resident.id, name=resident.name)
