"""Guests go or are sent away: their tokens are void, their aliases free, come what may."""

import asyncio

import pytest

from libs.common.times import rfc3339
from services.rooms.consumers.guests import GuestDepartures
from services.rooms.settings import RoomsSettings
from services.rooms.store.door_tries import DoorTries, Rests
from services.rooms.store.endings import EndingStore
from services.rooms.store.rooms import RoomStore
from services.rooms.store.writing import Writing
from tests.integration.rooms.entrance import (
    DEVICE,
    Door,
    aliases,
    code,
    freed,
    in_time,
    is_alone,
    is_free,
    opened,
)
from tests.integration.rooms.house import House, Resident, house_at
from tests.integration.rooms.test_purge import nobody
from tests.support.waiting import until_one_waits

HOUR_S = 3_600


@pytest.fixture
async def door(house: House, alice: Resident) -> Door:
    return await opened(house, alice)


async def test_who_leaves_is_gone_and_their_alias_is_free_once_auth_knows(
    house: House, door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora")

    answer = await dora.leave()
    await house.auth.desk.heard(1)

    assert answer.status_code == 204
    assert [str(one) for one in house.auth.desk.ended] == [dora.id]
    assert await aliases(alice, door) == []
    assert (await freed(door, "Dora")).status_code == 201


async def test_an_alias_stays_taken_while_auth_cannot_be_told(
    house: House, door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora")
    house.auth.desk.is_deaf = True
    await dora.leave()

    assert code(await door.come("Dora")) == (409, "alias_taken")

    house.auth.desk.is_deaf = False
    await house.clock.advance(1.0)
    await house.auth.desk.heard(1)
    assert (await freed(door, "Dora")).status_code == 201


async def test_a_guest_who_is_removed_is_shut_out_and_gets_no_new_tokens(
    house: House, door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora")

    await alice.client.delete(f"/v1/rooms/{door.room['id']}/members/{dora.id}")
    await house.auth.desk.heard(1)

    assert code(await dora.refresh()) == (401, "session_revoked")
    assert await aliases(alice, door) == []


async def test_who_is_out_already_leaves_nothing(door: Door, alice: Resident) -> None:
    dora = await door.guest("Dora")
    await alice.client.delete(f"/v1/rooms/{door.room['id']}/members/{dora.id}")

    await dora.leave()

    assert await is_alone(alice, door)


async def test_who_was_ended_while_auth_made_the_tokens_gets_none(
    house: House, door: Door, alice: Resident
) -> None:
    desk = house.auth.desk
    desk.hold = asyncio.Event()
    coming = asyncio.create_task(door.come("Dora"))
    asked = await desk.asked(1)
    await alice.client.delete(f"/v1/rooms/{door.room['id']}/members/{asked.person_id}")
    await desk.heard(1)

    desk.hold.set()

    assert code(await coming) == (401, "session_revoked")


async def test_who_gets_no_tokens_does_not_keep_the_alias(
    house: House, door: Door, alice: Resident
) -> None:
    house.auth.is_away = True
    answer = await door.come("Dora")
    house.auth.is_away = False

    assert code(answer) == (503, "unavailable")
    assert await aliases(alice, door) == []
    await house.clock.advance(1.0)
    await house.auth.desk.heard(1)
    assert (await freed(door, "Dora")).status_code == 201


async def test_who_is_in_stays_in_when_they_come_again_and_get_no_tokens(
    house: House, door: Door, alice: Resident
) -> None:
    await door.guest("Dora", device=DEVICE)
    house.auth.is_away = True

    answer = await door.come("Dora", device=DEVICE)

    assert code(answer) == (503, "unavailable")
    assert await aliases(alice, door) == ["Dora"]


async def test_a_refresh_keeps_a_guest_in(house: House, door: Door, alice: Resident) -> None:
    dora = await door.guest("Dora")
    await house.clock.advance(1_700.0)
    refreshed = await dora.refresh()
    await house.clock.advance(1_700.0)

    assert refreshed.json().keys() == dora.said.keys()
    assert await aliases(alice, door) == ["Dora"]
    (listed,) = (await alice.sees(f"/v1/rooms/{door.room['id']}/guests"))["items"]
    assert listed["last_seen_at"] > listed["since"]


async def test_who_fetches_no_tokens_is_taken_out_by_one_of_two_instances(dsn: str) -> None:
    async with house_at(dsn) as one, house_at(dsn) as other:
        alice = await one.resident("Alice")
        door = await opened(one, alice)
        dora = await door.guest("Dora")

        await one.clock.advance(1_800.0)
        await other.clock.advance(1_800.0)
        await in_time(one, other, is_so=lambda: is_alone(alice, door))

        await in_time(one, other, is_so=lambda: is_free(door, "Dora"))
        ended = [*one.auth.desk.ended, *other.auth.desk.ended]
        assert [str(person_id) for person_id in ended] == [dora.id]


async def test_closing_shuts_everybody_out_and_takes_them_out_of_the_room(
    house: House, alice: Resident
) -> None:
    closes_at = house.clock.now() + 600
    door = await opened(house, alice, closes_at=rfc3339(closes_at))
    guests = [await door.guest(alias) for alias in ("Dora", "Erin", "Frank")]

    async def are_ended() -> bool:
        return len(house.auth.desk.ended) == 3

    await house.clock.advance(600.0)
    await in_time(house, is_so=are_ended)
    refused = await guests[0].refresh()
    await in_time(house, is_so=lambda: is_alone(alice, door))

    assert {str(one) for one in house.auth.desk.ended} == {guest.id for guest in guests}
    assert code(refused) == (403, "room_not_open")
    assert await aliases(alice, door) == []


async def test_who_is_in_a_room_that_is_to_open_only_later_is_shut_out(
    house: House, door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora")
    path = f"/v1/rooms/{door.room['id']}"

    await alice.client.patch(path, json={"opens_at": rfc3339(house.clock.now() + HOUR_S)})
    ended = await house.auth.desk.heard(1)

    assert [str(one) for one in ended] == [dora.id]
    assert code(await dora.refresh()) == (403, "room_not_open")


async def test_deleting_shuts_everybody_out(house: House, door: Door, alice: Resident) -> None:
    dora = await door.guest("Dora")

    await alice.client.delete(f"/v1/rooms/{door.room['id']}")
    await house.auth.desk.heard(1)

    assert [str(one) for one in house.auth.desk.ended] == [dora.id]
    assert code(await dora.refresh()) == (404, "not_found")
    assert code(await door.come("Erin")) == (404, "not_found")


async def test_a_restart_keeps_guests_doors_and_what_auth_was_not_told(dsn: str) -> None:
    async with house_at(dsn) as before:
        alice = await before.resident("Alice")
        door = await opened(before, alice)
        dora, erin = await door.guest("Dora"), await door.guest("Erin")
        before.auth.is_away = True
        await erin.leave()

    async with house_at(dsn) as after:
        after.auth.desk.made.extend(before.auth.desk.made)
        again = Door(after, door.room, await after.client(None))
        ended = await after.auth.desk.heard(1)
        alice = await after.resident("Alice")

        assert [str(one) for one in ended] == [erin.id]
        assert (await again.refresh(dora.said["refresh_token"])).status_code == 200
        assert code(await again.come("dora")) == (409, "alias_taken")
        assert await aliases(alice, again) == ["Dora"]


async def test_who_is_heard_of_just_when_they_are_given_up_stays(
    house: House, door: Door, alice: Resident
) -> None:
    await door.guest("Dora")
    await house.database.execute("UPDATE guest SET refreshed_at = to_timestamp(0)")
    async with house.database.transaction() as refreshing:
        await refreshing.execute("UPDATE guest SET refreshed_at = now()")
        sweeping = asyncio.create_task(departures(house).sweep())
        await until_one_waits(house.database)
    await sweeping

    assert await aliases(alice, door) == ["Dora"]


@pytest.mark.parametrize(("silent_s", "present"), [(1_799, ["Dora"]), (1_801, [])])
async def test_a_guest_may_be_silent_for_half_an_hour(
    house: House, door: Door, alice: Resident, silent_s: int, present: list[str]
) -> None:
    await door.guest("Dora")
    await house.database.execute(
        "UPDATE guest SET refreshed_at = refreshed_at - $1 * interval '1 s'", silent_s
    )

    await departures(house).sweep()

    assert await aliases(alice, door) == present


def departures(house: House) -> GuestDepartures:
    """Return another instance's part that takes guests out who are gone."""
    database, settings = house.database, RoomsSettings()
    writing = Writing(database, tell=nobody)
    return GuestDepartures(
        EndingStore(database),
        RoomStore(database, writing, on_hours=lambda: None),
        DoorTries(database, Rests(free=1, first_s=1, max_s=1, forget_s=1)),
        settings,
        clock=house.clock,
    )


async def test_nobody_leaves_by_the_door_of_another_room(house: House, alice: Resident) -> None:
    first, second = [await opened(house, alice, title=title) for title in ("One", "Two")]
    dora = await first.guest("Dora")

    answer = await dora.client.post(f"{second.path}/leave")

    assert code(answer) == (404, "not_found")
    assert await aliases(alice, first) == ["Dora"]


async def test_guests_of_a_purged_room_are_nameless(dsn: str) -> None:
    async with house_at(dsn, delete_grace_s=0) as house:
        alice = await house.resident("Alice")
        door = await opened(house, alice)
        dora = await door.guest("Dora")
        await alice.client.delete(f"/v1/rooms/{door.room['id']}")

        async def is_purged() -> bool:
            return bool(await house.database.fetchval("SELECT count(*) = 0 FROM guest"))

        await in_time(house, is_so=is_purged)

        found = "SELECT name FROM person WHERE id = $1::text::uuid"
        assert await house.database.fetchval(found, dora.id) == ""
