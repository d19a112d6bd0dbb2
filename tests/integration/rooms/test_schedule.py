"""Rooms open and close in their time: with two instances, over a restart, and before anybody has
written it down.
"""

import asyncio
from typing import Any

import pytest

from libs.common.contracts.commands import Payload, ProjectRoom
from tests.integration.rooms.hours import HOUR_S, STATE, at, until_is
from tests.integration.rooms.house import House, Resident, house_at
from tests.support.clock import TEN_O_CLOCK, settle


def states(told: list[Payload]) -> list[str]:
    return [str(one.state) for one in told if isinstance(one, ProjectRoom)]


async def test_a_room_opens_and_closes_in_its_time(house: House, alice: Resident) -> None:
    room = await alice.makes("Hour", kind="guest", opens_at=at(60), closes_at=at(HOUR_S))

    assert room["state"] == "scheduled"
    await house.clock.advance(60)
    await until_is(house, room, "open")
    await house.clock.advance(HOUR_S)
    await until_is(house, room, "closed")
    await settle()

    assert states(await house.told(room, 4)) == ["scheduled", "open", "closed"]


@pytest.mark.parametrize("is_changed", [False, True])
async def test_hours_wake_the_schedule_that_sleeps_for_longer(dsn: str, is_changed: bool) -> None:
    async with house_at(dsn, schedule_every_s=60) as house:
        alice, hours = await house.resident("Alice"), {"closes_at": at(5)}
        # What it finds when it begins wakes nobody.
        await until_is(house, await alice.makes("Before", closes_at=at(1)), "closed")
        room = await alice.makes("Hour", **({} if is_changed else hours))
        if is_changed:
            await alice.client.patch(f"/v1/rooms/{room['id']}", json=hours)

        await until_is(house, room, "closed")

        assert house.clock.now() < TEN_O_CLOCK + 30


async def test_two_instances_open_a_room_once(dsn: str) -> None:
    async with house_at(dsn) as one, house_at(dsn) as other:
        alice = await one.resident("Alice")
        room = await alice.makes("Hour", kind="guest", opens_at=at(60))

        await asyncio.gather(one.clock.advance(61), other.clock.advance(61))
        await until_is(one, room, "open")
        await asyncio.gather(one.clock.advance(20), other.clock.advance(20))

        rows = await one.database.fetch(
            "SELECT kind, details FROM room_change WHERE room_id = $1 ORDER BY id", room["id"]
        )
        assert [row["kind"] for row in rows] == ["room.created", "room.changed"]


async def test_a_restart_loses_no_opening(dsn: str) -> None:
    async with house_at(dsn) as before:
        alice = await before.resident("Alice")
        room = await alice.makes("Hour", kind="guest", opens_at=at(60), closes_at=at(HOUR_S))

    async with house_at(dsn) as after:
        alice = await after.resident("Alice")
        await after.clock.advance(60)
        await until_is(after, room, "open")

    async with house_at(dsn) as late:
        alice = await late.resident("Alice")
        await late.clock.advance(HOUR_S + 60)
        await until_is(late, room, "closed")


async def test_times_decide_before_anybody_has_written_them_down(dsn: str) -> None:
    async with house_at(dsn, asleep=["schedule"]) as house:
        alice, bob = await house.resident("Alice"), await house.resident("Bob")
        room = await alice.makes("Club", opens_at=at(10), closes_at=at(11))
        await house.clock.advance(20)

        shown = await alice.sees(f"/v1/rooms/{room['id']}")
        joined = await bob.joins(room)
        allowed = (await alice.sees(f"/v1/rooms/{room['id']}/permissions"))["allowed"]

        assert shown["state"] == "closed"
        assert (joined.status_code, joined.json()["code"]) == (403, "room_not_open")
        assert "post" not in allowed
        assert await house.database.fetchval(STATE, room["id"]) == "scheduled"


async def test_an_extended_time_is_told_and_holds(house: House, alice: Resident) -> None:
    room = await alice.makes("Hour", kind="guest", closes_at=at(60))

    answer = await alice.client.patch(f"/v1/rooms/{room['id']}", json={"closes_at": at(HOUR_S)})
    await house.clock.advance(61)
    await settle()

    assert answer.json()["closes_at"] == at(HOUR_S)
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["state"] == "open"
    told = (await house.told(room, 3))[-1]
    assert isinstance(told, ProjectRoom)
    assert told.closes_at == TEN_O_CLOCK + HOUR_S


async def test_a_closed_room_is_opened_again_by_another_hour(house: House, alice: Resident) -> None:
    room = await alice.makes("Hour", kind="guest", closes_at=at(60))
    await house.clock.advance(60)
    await until_is(house, room, "closed")

    answer = await alice.client.patch(f"/v1/rooms/{room['id']}", json={"closes_at": at(HOUR_S)})

    assert (answer.status_code, answer.json()["state"]) == (200, "open")


@pytest.mark.parametrize(
    ("wish", "state"),
    [({"state": "open"}, "open"), ({"state": "closed"}, "closed"), ({"opens_at": None}, "open")],
)
async def test_a_facilitator_opens_and_closes_by_hand(
    house: House, alice: Resident, wish: dict[str, Any], state: str
) -> None:
    room = await alice.makes("Hour", kind="guest", opens_at=at(60), closes_at=at(HOUR_S))

    changed = (await alice.client.patch(f"/v1/rooms/{room['id']}", json=wish)).json()

    assert changed["state"] == state
    if state == "closed":
        assert changed["closes_at"] == at(0)


async def test_a_held_room_is_turned_a_little_later(house: House, alice: Resident) -> None:
    room = await alice.makes("Hour", kind="guest", closes_at=at(60))

    async with house.database.transaction() as connection:
        await connection.execute("SELECT FROM room WHERE id = $1 FOR UPDATE", room["id"])
        await house.clock.advance(61)
        still = await connection.fetchval(STATE, room["id"])

    assert still == "open"
    await until_is(house, room, "closed")
