"""A flood of newcomers shuts the door for a while; admins see it and may open it."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.rooms.entrance import code, opened
from tests.integration.rooms.house import House, Resident, house_at
from tests.integration.rooms.inviting import accepts, invites


@pytest.fixture
async def house(dsn: str) -> AsyncIterator[House]:
    """A house with a narrow door."""
    async with house_at(dsn, joins_per_minute=2, flood_lock_s=300) as house:
        yield house


async def crowd(house: House, count: int) -> list[Resident]:
    return [await house.resident(f"Resident{number}") for number in range(count)]


async def test_the_one_who_is_too_many_shuts_the_door_behind_them(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Lobby")

    answers = [await one.joins(room) for one in await crowd(house, 4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 403]
    refusal = answers[3].json()
    assert (refusal["code"], refusal["retry_after_ms"]) == ("room_locked", 300_000)
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["locked_until"] is not None


async def test_a_shut_door_opens_by_itself(house: House, alice: Resident) -> None:
    room = await alice.makes("Lobby")
    *first, late, later = await crowd(house, 5)
    for one in first:
        await one.joins(room)

    await house.clock.advance(299)
    before = await late.joins(room)
    await house.clock.advance(1)
    after = [await late.joins(room), await later.joins(room)]

    assert before.json()["retry_after_ms"] == 1_000
    assert [answer.status_code for answer in after] == [200, 200]
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["locked_until"] is None


async def test_those_who_come_one_by_one_are_no_flood(house: House, alice: Resident) -> None:
    room = await alice.makes("Lobby")
    answers = []

    for one in await crowd(house, 6):
        answers.append(await one.joins(room))
        await house.clock.advance(30)

    assert {answer.status_code for answer in answers} == {200}


async def test_invitations_open_no_shut_door_and_lose_no_use(house: House, alice: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room)

    answers = [await accepts(one, invite) for one in await crowd(house, 5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 403, 403]
    shown = (await alice.sees(f"/v1/rooms/{room['id']}/invites"))["items"]
    assert shown[0]["uses"] == 3


async def test_guests_are_a_flood_too(house: House, alice: Resident) -> None:
    door = await opened(house, alice)

    *inside, late = [await door.come(alias) for alias in ("Dora", "Eve", "Fred", "Gina")]

    assert [answer.status_code for answer in inside] == [201, 201, 201]
    assert code(late) == (403, "room_locked")
    assert (await door.look())["is_locked"]


async def test_admins_still_bring_people_in(house: House, alice: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room)
    *flood, welcome = await crowd(house, 4)
    for one in flood:
        await accepts(one, invite)

    assert (await alice.gives(room, welcome, "member")).status_code == 200


async def test_a_door_that_an_admin_locked_stays_shut_until_it_is_unlocked(
    house: House, alice: Resident, bob: Resident, olga: Resident
) -> None:
    room = await alice.makes("Lobby")
    path = f"/v1/rooms/{room['id']}"
    await alice.client.patch(path, json={"is_locked": True})

    locked = await bob.joins(room)
    keeper = await olga.joins(room)
    await alice.client.patch(path, json={"is_locked": False})

    assert (locked.status_code, locked.json()["code"]) == (403, "room_locked")
    assert "retry_after_ms" not in locked.json()
    assert keeper.status_code == 200
    assert (await bob.joins(room)).status_code == 200


async def test_an_admin_opens_a_door_that_a_flood_shut(house: House, alice: Resident) -> None:
    room = await alice.makes("Lobby")
    *flood, late, later = await crowd(house, 5)
    for one in flood:
        await one.joins(room)

    await alice.client.patch(f"/v1/rooms/{room['id']}", json={"is_locked": False})

    # The flood is over: it is not the next one who comes that shuts the door again.
    assert [(await one.joins(room)).status_code for one in (late, later)] == [200, 200]


async def test_nobody_shuts_the_door_alone_by_going_in_and_out(dsn: str) -> None:
    async with house_at(dsn, joins_of_one_burst=3) as house:
        alice, bob = await house.resident("Alice"), await house.resident("Bob")
        room, other = await alice.makes("Lobby"), await alice.makes("Attic")

        answers = []
        for _ in range(4):
            answers.append((await bob.joins(room)).status_code)
            await bob.leaves(room)

        assert answers == [200, 200, 200, 429]
        assert (await bob.joins(other)).status_code == 200
