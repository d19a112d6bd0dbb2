"""What was deleted stays for a grace, and then it is gone; keys are forgotten in their time."""

from typing import Final

import asyncpg
import pytest

from services.rooms.consumers.purge import Purge
from services.rooms.settings import RoomsSettings
from services.rooms.store.rooms import RoomStore
from services.rooms.store.writing import Writing
from tests.integration.rooms.house import House, Resident, house_at
from tests.support.clock import SetClock

ROOMS: Final = "SELECT count(*) FROM room"
MEMBERS: Final = "SELECT count(*) FROM member"
SETTINGS: Final = RoomsSettings()

FORBIDDEN: Final = [
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
    store = RoomStore(house.database, Writing(house.database, tell=nobody))
    return Purge(store, SETTINGS, clock=SetClock(house.clock.now() + age_s))


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
