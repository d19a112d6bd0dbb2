"""Whoever runs a server may have no new guest rooms on it; those that are there go on."""

from tests.integration.rooms.entrance import Door, opened
from tests.integration.rooms.house import House, house_at

OFFER = "/v1/guest-rooms"


async def test_guest_rooms_are_offered_unless_said_otherwise(house: House) -> None:
    alice = await house.resident("Alice")

    assert await alice.sees(OFFER) == {"may_be_made": True}


async def test_where_they_are_off_none_is_made_and_all_else_is(dsn: str) -> None:
    async with house_at(dsn, allow_guest_rooms=False) as house:
        alice = await house.resident("Alice")

        wish = {"kind": "guest", "title": "Workshop"}
        refused = await alice.client.post("/v1/rooms", json=wish)

        assert (refused.status_code, refused.json()["code"]) == (403, "guest_rooms_off")
        assert await alice.sees(OFFER) == {"may_be_made": False}
        assert (await alice.makes("Books"))["kind"] == "public"


async def test_a_guest_room_that_is_there_stays_open_to_guests(dsn: str) -> None:
    async with house_at(dsn) as house:
        door = await opened(house, await house.resident("Alice"))

    async with house_at(dsn, allow_guest_rooms=False) as house:
        again = Door(house, door.room, await house.client(None))

        assert (await again.come("Dora")).status_code == 201
