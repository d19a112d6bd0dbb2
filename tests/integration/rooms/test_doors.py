"""The password of a guest room, and how often one may guess it."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.integration.rooms.entrance import Door, code, opened
from tests.integration.rooms.house import House, Resident, house_at
from tests.support.waiting import until_one_waits

PASSWORD = "tea and cake"


@pytest.fixture
async def door(house: House, alice: Resident) -> Door:
    return await opened(house, alice, password=PASSWORD)


async def from_elsewhere(door: Door, alias: str, **more: Any) -> httpx.Response:
    """Come from another network."""
    transport = httpx.ASGITransport(
        app=door.house.service.listeners[0].app, client=("198.51.100.7", 4711)
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        return await client.post(f"{door.path}/guests", json={"alias": alias} | more)


async def test_the_right_password_opens_the_door_and_no_other_does(door: Door) -> None:
    wrong = [await door.come("Dora", **more) for more in ({}, {"password": "coffee"})]
    right = await door.come("Dora", password=PASSWORD)

    assert {code(answer) for answer in wrong} == {(401, "invalid_password")}
    assert right.status_code == 201
    assert (await door.look())["has_password"]


async def test_only_who_looks_after_a_room_sees_its_link_and_what_opens_it(
    door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora", password=PASSWORD)
    path = f"/v1/rooms/{door.room['id']}"

    of_guest, of_host = (await dora.client.get(path)).json(), await alice.sees(path)

    assert [of_guest[field] for field in ("slug", "has_password")] == [None, None]
    assert [of_host[field] for field in ("slug", "has_password")] == [door.room["slug"], True]


async def test_a_password_is_the_same_however_it_was_typed(house: House, alice: Resident) -> None:
    door = await opened(house, alice, password="caf\u00e9 cr\u00e8me")

    answer = await door.come("Dora", password="cafe\u0301 cre\u0300me")

    assert answer.status_code == 201


async def test_only_a_slow_hash_of_it_is_stored(house: House, door: Door) -> None:
    stored = await house.database.fetchval("SELECT password_hash FROM guest_door")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in stored


async def test_a_password_set_while_somebody_is_at_the_door_keeps_them_out(
    house: House, alice: Resident
) -> None:
    door = await opened(house, alice)
    async with house.database.transaction() as setting:
        await setting.execute("SELECT FROM room FOR NO KEY UPDATE")
        await setting.execute("UPDATE guest_door SET password_hash = 'another'")
        coming = asyncio.create_task(door.come("Dora"))
        await until_one_waits(house.database)

    assert code(await coming) == (401, "invalid_password")


async def test_a_new_password_keeps_newcomers_out_and_nobody_in(
    door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora", password=PASSWORD)

    await alice.client.patch(f"/v1/rooms/{door.room['id']}", json={"password": "coffee"})

    assert code(await door.come("Erin", password=PASSWORD)) == (401, "invalid_password")
    assert (await door.come("Erin", password="coffee")).status_code == 201
    assert (await dora.refresh()).status_code == 200


async def test_who_guesses_rests_longer_and_longer_until_it_is_forgotten(dsn: str) -> None:
    async with house_at(dsn, guest_free_tries=3, guest_max_rest_s=8.0) as house:
        door = await opened(house, await house.resident("Alice"), password=PASSWORD)
        rests = []
        for _ in range(7):
            answer = await door.come("Dora", password="guess")
            while answer.status_code == 429:
                rests.append(answer.json()["retry_after_ms"])
                await house.clock.advance(answer.json()["retry_after_ms"] / 1000)
                answer = await door.come("Dora", password="guess")
            assert code(answer) == (401, "invalid_password")

        await house.clock.advance(3_600.0)
        forgotten = [await door.come("Dora", password="guess") for _ in range(3)]

        assert [round(rest_ms / 1000) for rest_ms in rests] == [1, 2, 4, 8]
        assert {code(answer) for answer in forgotten} == {(401, "invalid_password")}


async def test_a_right_password_is_refused_while_its_network_rests_and_elsewhere_taken(
    dsn: str,
) -> None:
    async with house_at(dsn, guest_free_tries=2) as house:
        door = await opened(house, await house.resident("Alice"), password=PASSWORD)
        for _ in range(2):
            await door.come("Dora", password="guess")

        here = await door.come("Dora", password=PASSWORD)
        there = await from_elsewhere(door, "Erin", password=PASSWORD)

        assert code(here) == (429, "rate_limited")
        assert there.status_code == 201


async def test_a_right_password_forgives_its_network(dsn: str) -> None:
    async with house_at(dsn, guest_free_tries=2) as house:
        door = await opened(house, await house.resident("Alice"), password=PASSWORD)
        for number in range(4):
            assert code(await door.come("Dora", password="typo")) == (401, "invalid_password")
            answer = await door.come(f"Pupil{number}x", password=PASSWORD)
            assert answer.status_code == 201


async def test_guesses_at_once_over_two_instances_are_all_counted(dsn: str) -> None:
    async with house_at(dsn, guest_free_tries=5) as one, house_at(dsn, guest_free_tries=5) as two:
        door = await opened(one, await one.resident("Alice"), password=PASSWORD)
        doors = [door, Door(two, door.room, await two.client(None))]

        answers = await asyncio.gather(
            *(doors[number % 2].come("Dora", password="guess") for number in range(20))
        )

        assert Counter(answer.status_code for answer in answers) == {401: 5, 429: 15}


async def test_a_room_is_guessed_at_slowly_from_everywhere_together(dsn: str) -> None:
    async with house_at(dsn, guest_tries_burst=3) as house:
        door = await opened(house, await house.resident("Alice"), password=PASSWORD)
        for _ in range(3):
            await from_elsewhere(door, "Dora", password="guess")

        answer = await door.come("Dora", password="guess")

        assert code(answer) == (429, "rate_limited")


async def test_a_network_that_rests_takes_no_tries_from_others(dsn: str) -> None:
    async with house_at(dsn, guest_free_tries=1, guest_tries_burst=2) as house:
        door = await opened(house, await house.resident("Alice"), password=PASSWORD)
        for _ in range(5):
            await door.come("Dora", password="guess")

        elsewhere = await from_elsewhere(door, "Erin", password=PASSWORD)

        assert elsewhere.status_code == 201


async def test_right_passwords_are_no_guesses(dsn: str) -> None:
    async with house_at(dsn, guest_tries_burst=2) as house:
        door = await opened(house, await house.resident("Alice"), password=PASSWORD)

        answers = [await door.come(alias, password=PASSWORD) for alias in ("Dora", "Eve", "Fred")]

        assert [answer.status_code for answer in answers] == [201, 201, 201]


async def test_links_are_looked_at_and_doors_entered_at_a_pace(dsn: str) -> None:
    async with house_at(dsn, guest_looks_burst=2, guest_joins_burst=2) as house:
        door = await opened(house, await house.resident("Alice"))

        looks = [await door.passer_by.get("/v1/guest-rooms/abcdefghjkmn") for _ in range(3)]
        joins = [await door.come(f"Guest{number}x") for number in range(3)]

        assert [answer.status_code for answer in looks] == [404, 404, 429]
        assert [answer.status_code for answer in joins] == [201, 201, 429]
