"""What was deleted stays for a grace, and then it is gone; keys are forgotten in their time."""

import asyncio
from typing import Final

import asyncpg
import pytest

from libs.common.contracts.commands import ProjectRoom, PurgeRoom
from libs.common.contracts.rooms import RoomState
from services.rooms.consumers.purge import Purge
from services.rooms.settings import RoomsSettings
from services.rooms.store.purging import PurgingStore
from services.rooms.store.writing import Writing
from tests.integration.rooms.hours import HOUR_S, at, until_is
from tests.integration.rooms.house import PATIENCE_S, House, Resident, house_at
from tests.support.clock import TEN_O_CLOCK, SetClock, settle

ROOMS: Final = "SELECT count(*) FROM room"
MEMBERS: Final = "SELECT count(*) FROM member"
SETTINGS: Final = RoomsSettings()

FORBIDDEN: Final = [
    "DELETE FROM room_change",
    "UPDATE room_change SET kind = ''",
    "DELETE FROM person",
    "UPDATE idempotency_key SET key = 'x'",
    "UPDATE outbox SET body = ''",
    "TRUNCATE room CASCADE",
    "DROP TABLE room",
    "INSERT INTO migration (version, name, checksum) VALUES (9, '', '')",
]


async def nobody() -> None:
    """Tell nobody of a purge: there is nothing to tell."""


def purge_after(house: House, age_s: float) -> Purge:
    """Return a purge that takes place so long after everything the test did."""
    return purge_at(house, house.clock.now() + age_s)


def purge_at(house: House, now: float) -> Purge:
    store = PurgingStore(house.database, Writing(house.database, tell=nobody))
    return Purge(store, SETTINGS, clock=SetClock(now))


@pytest.mark.parametrize(("late_s", "left"), [(-1, 2), (1, 1)])
async def test_a_deleted_room_is_purged_after_its_grace(
    house: House, alice: Resident, late_s: float, left: int
) -> None:
    await alice.makes("Kept")
    room = await alice.makes("Lobby")
    await alice.client.delete(f"/v1/rooms/{room['id']}")

    await purge_after(house, SETTINGS.delete_grace_s + late_s).purge()

    assert await house.database.fetchval(ROOMS) == left
    assert await house.database.fetchval(MEMBERS) == left


async def test_a_room_that_somebody_holds_keeps_no_other_waiting(
    house: House, alice: Resident
) -> None:
    rooms = [await alice.makes(title) for title in ("Lobby", "Attic")]
    for room in rooms:
        await alice.client.delete(f"/v1/rooms/{room['id']}")

    async with house.database.transaction() as holding, asyncio.timeout(PATIENCE_S):
        await holding.execute("SELECT FROM room WHERE id = $1 FOR UPDATE", rooms[0]["id"])
        await purge_after(house, SETTINGS.delete_grace_s + 1).purge()

    assert await house.database.fetchval(ROOMS) == 1


async def test_the_purge_comes_round_by_itself_and_takes_everything(dsn: str) -> None:
    async with house_at(dsn, purge_batch=2, delete_grace_s=60) as house:
        alice = await house.resident("Alice")
        for number in range(5):
            room = await alice.makes(f"Room {number}")
            await alice.client.delete(f"/v1/rooms/{room['id']}")

        await house.clock.advance(601)
        while await house.database.fetchval(ROOMS):
            await house.clock.advance(1)

        assert await house.database.fetchval(MEMBERS) == 0


async def test_messages_hears_that_a_room_is_purged_after_all_else_of_it(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Lobby")
    await alice.client.delete(f"/v1/rooms/{room['id']}")

    await purge_after(house, SETTINGS.delete_grace_s + 1).purge()
    await house.clock.advance(1)

    told = await house.told(room, 4)
    assert [type(one).__name__ for one in told] == [
        "ProjectRoom",
        "ProjectMember",
        "ProjectRoom",
        "PurgeRoom",
    ]
    assert told[-1] == PurgeRoom(version=4)


async def test_a_guest_room_goes_so_long_after_it_closed_as_was_said(
    house: House, alice: Resident
) -> None:
    hour = {"kind": "guest", "closes_at": at(HOUR_S), "purge_after_s": 60}
    room = await alice.makes("Hour", **hour)
    kept = await alice.makes("Talk", kind="guest", closes_at=at(HOUR_S))
    await house.clock.advance(HOUR_S)
    await until_is(house, room, "closed")

    await purge_at(house, TEN_O_CLOCK + HOUR_S + 59).purge()
    there = (await alice.sees(f"/v1/rooms/{room['id']}"))["purge_at"]
    await purge_at(house, TEN_O_CLOCK + HOUR_S + 61).purge()
    await house.clock.advance(1)

    assert there == at(HOUR_S + 60)
    assert [one["title"] for one in (await alice.sees("/v1/rooms"))["items"]] == [kept["title"]]
    told = await house.told(room, 5)
    assert [one.state for one in told if isinstance(one, ProjectRoom)] == [
        RoomState.OPEN,
        RoomState.CLOSED,
        RoomState.DELETED,
    ]
    assert told[-1] == PurgeRoom(version=5)


async def test_two_purges_at_once_tell_of_a_room_once(house: House, alice: Resident) -> None:
    room = await alice.makes("Lobby")
    await alice.client.delete(f"/v1/rooms/{room['id']}")
    late_s = SETTINGS.delete_grace_s + 1

    await asyncio.gather(*(purge_after(house, late_s).purge() for _ in range(5)))
    await house.clock.advance(1)
    await settle()

    assert len(await house.told(room, 4)) == 4


@pytest.mark.parametrize(("late_s", "status"), [(-1, 200), (1, 409)])
async def test_a_key_is_forgotten_in_its_time(
    house: House, alice: Resident, late_s: float, status: int
) -> None:
    body, headers = {"kind": "public", "title": "Books"}, {"Idempotency-Key": "again"}
    await alice.client.post("/v1/rooms", json=body, headers=headers)

    await purge_after(house, SETTINGS.idempotency_keep_s + late_s).purge()
    again = await alice.client.post("/v1/rooms", json=body, headers=headers)

    assert again.status_code == status


async def test_the_service_may_do_no_more_than_it_needs(house: House) -> None:
    for statement in FORBIDDEN:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await house.database.execute(statement)
