"""Guests at a door that has just changed: a ban is over, the room shuts, or is open again."""

import asyncio

import pytest

from libs.common.times import rfc3339
from tests.integration.rooms.entrance import DEVICE, Door, code, freed, opened
from tests.integration.rooms.house import House, Resident
from tests.support.waiting import until_one_waits

HOUR_S = 3_600


@pytest.fixture
async def door(house: House, alice: Resident) -> Door:
    return await opened(house, alice)


async def test_a_guest_is_banned_no_longer_than_was_said(
    house: House, door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora", device=DEVICE)
    until = rfc3339(house.clock.now() + HOUR_S)
    path = f"/v1/rooms/{door.room['id']}/bans/{dora.id}"
    await alice.client.put(path, json={"until": until})

    before = await door.come("Dora", device=DEVICE)
    await house.clock.advance(HOUR_S)

    assert code(before) == (403, "banned")
    assert (await freed(door, "Dora")).status_code == 201


async def test_who_comes_while_a_room_closes_stays_outside(house: House, door: Door) -> None:
    async with house.database.transaction() as closing:
        await closing.execute("UPDATE room SET state = 'closed' WHERE id = $1", door.room["id"])
        coming = asyncio.create_task(door.come("Dora"))
        await until_one_waits(house.database)

    assert code(await coming) == (403, "room_not_open")


async def test_who_was_in_before_it_closed_keeps_no_alias(
    house: House, door: Door, alice: Resident
) -> None:
    await door.guest("Dora")
    path = f"/v1/rooms/{door.room['id']}"

    await alice.client.patch(path, json={"state": "closed"})
    await house.auth.desk.heard(1)
    await alice.client.patch(path, json={"state": "open"})

    # They are members until somebody looks for those who are gone.
    assert (await alice.sees(path))["member_count"] == 2
    assert (await freed(door, "Dora")).status_code == 201
