"""People without an account come into a guest room by an alias."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.people import PersonKind, RoomRole
from libs.common.times import rfc3339
from tests.integration.rooms.entrance import (
    DEVICE,
    Door,
    Inside,
    aliases,
    code,
    opened,
)
from tests.integration.rooms.house import House, Resident

HOUR_S = 3_600


@pytest.fixture
async def door(house: House, alice: Resident) -> Door:
    return await opened(house, alice)


async def test_a_passer_by_sees_what_the_link_leads_to(house: House, door: Door) -> None:
    assert await door.look() == {
        "title": "Workshop",
        "topic": "",
        "facilitator": "Alice",
        "state": "open",
        "opens_at": None,
        "closes_at": None,
        "has_password": False,
        "is_locked": False,
        "is_full": False,
        "server_time": rfc3339(house.clock.now()),
    }


async def test_somebody_comes_in_by_an_alias_and_is_a_member(
    house: House, door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora")

    assert dora.said["room"]["id"] == door.room["id"]
    assert dora.said["room"]["role"] == "guest"
    assert dora.said["person"] == {"kind": "guest", "id": dora.id, "name": "Dora"}
    told = (await house.told(door.room, 3))[-1]
    assert isinstance(told, ProjectMember)
    assert (told.person.kind, told.person.name, told.role) == (
        PersonKind.GUEST,
        "Dora",
        RoomRole.GUEST,
    )
    assert await aliases(alice, door) == ["Dora"]


async def test_tokens_are_asked_for_this_room_until_it_closes(
    house: House, alice: Resident
) -> None:
    closes_at = house.clock.now() + HOUR_S
    door = await opened(house, alice, closes_at=rfc3339(closes_at))

    await door.guest("Dora")

    (asked,) = house.auth.desk.made
    assert (str(asked.room_id), asked.name) == (door.room["id"], "Dora")
    assert asked.good_until == closes_at


async def test_nobody_has_an_alias_that_looks_like_one_that_is_taken(door: Door) -> None:
    await door.guest("Dora")
    await door.guest("Willi")

    spellings = ("Dora", "DORA", "dora ", "D0ra", "D\u1d0fra", "WiIIi")
    alike = [await door.come(alias) for alias in spellings]
    mixed = await door.come("D\u043era")

    assert {code(answer) for answer in alike} == {(409, "alias_taken")}
    assert (code(mixed), mixed.json()["fields"]) == (
        (422, "invalid"),
        {"alias": "must not mix alphabets within a word"},
    )


async def test_nobody_is_called_like_the_facilitator_or_a_member(
    door: Door, alice: Resident, bob: Resident
) -> None:
    await alice.gives(door.room, bob, "member")

    answers = [await door.come(alias) for alias in ("Alice", "ALICE", "AIice", "a l i c e", "Bob")]

    assert {code(answer) for answer in answers} == {(409, "alias_taken")}


async def test_the_same_alias_is_free_in_another_room(house: House, alice: Resident) -> None:
    first, second = [await opened(house, alice, title=title) for title in ("One", "Two")]

    await first.guest("Dora")

    assert (await second.come("Dora")).status_code == 201


async def test_the_same_device_comes_back_to_its_alias(door: Door, alice: Resident) -> None:
    first = await door.guest("Dora", device=DEVICE)

    again = [await door.guest(alias, device=DEVICE) for alias in ("Dora", "dora")]
    stranger = await door.come("Dora", device=DEVICE[::-1])

    assert {(one.id, one.said["person"]["name"]) for one in again} == {(first.id, "Dora")}
    assert code(stranger) == (409, "alias_taken")
    assert await aliases(alice, door) == ["Dora"]


async def test_a_device_is_stored_as_a_hash_of_this_room(house: House, door: Door) -> None:
    await door.guest("Dora", device=DEVICE)

    (row,) = await house.database.fetch("SELECT device_hash FROM guest")

    assert len(row["device_hash"]) == 32
    assert DEVICE.encode() not in row["device_hash"]


async def test_nobody_comes_in_before_it_opens_or_after_it_closes(
    house: House, alice: Resident
) -> None:
    now = house.clock.now()
    door = await opened(
        house,
        alice,
        opens_at=rfc3339(now + HOUR_S),
        closes_at=rfc3339(now + 2 * HOUR_S),
    )

    early = code(await door.come("Dora")), (await door.look())["state"]
    await house.clock.advance(HOUR_S)
    in_time = (await door.come("Dora")).status_code, (await door.look())["state"]
    await house.clock.advance(HOUR_S)
    late = code(await door.come("Erin")), (await door.look())["state"]

    assert early == ((403, "room_not_open"), "scheduled")
    assert in_time == (201, "open")
    assert late == ((403, "room_not_open"), "closed")


async def test_a_locked_door_keeps_newcomers_out_and_lets_guests_come_back(
    house: House, door: Door, alice: Resident
) -> None:
    await door.guest("Dora", device=DEVICE)

    await alice.client.patch(f"/v1/rooms/{door.room['id']}", json={"is_locked": True})

    assert code(await door.come("Erin")) == (403, "room_locked")
    assert (await door.look())["is_locked"]
    assert (await door.come("Dora", device=DEVICE)).status_code == 201


async def test_a_room_takes_as_many_as_it_may_have(house: House, alice: Resident) -> None:
    door = await opened(house, alice, max_members=3)

    answers = await asyncio.gather(*(door.come(f"Guest{number}x") for number in range(10)))

    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 8
    assert {answer.json().get("code") for answer in answers} == {None, "room_full"}
    assert (await door.look())["is_full"]


async def test_who_is_banned_does_not_come_back_by_the_same_device_or_alias(
    house: House, door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora", device=DEVICE)

    await alice.client.put(f"/v1/rooms/{door.room['id']}/bans/{dora.id}", json={})
    await house.auth.desk.heard(1)

    assert code(await door.come("Erin", device=DEVICE)) == (403, "banned")
    assert code(await door.come("D0RA")) == (403, "banned")
    assert (await door.come("Erin")).status_code == 201


async def test_a_ban_puts_out_whoever_else_came_with_that_device(
    house: House, door: Door, alice: Resident
) -> None:
    dora = await door.guest("Dora", device=DEVICE)
    erin = await door.guest("Erin", device=DEVICE)
    await door.guest("Frank", device=DEVICE.upper())

    await alice.client.put(f"/v1/rooms/{door.room['id']}/bans/{dora.id}", json={})
    ended = await house.auth.desk.heard(2)

    assert {str(person_id) for person_id in ended} == {dora.id, erin.id}
    assert code(await erin.refresh()) == (401, "session_revoked")
    assert await aliases(alice, door) == ["Frank"]


async def test_a_mute_goes_with_the_device(house: House, door: Door, alice: Resident) -> None:
    path = f"/v1/rooms/{door.room['id']}"
    dora = await door.guest("Dora", device=DEVICE)
    await alice.client.put(f"{path}/mutes/{dora.id}", json={})
    await dora.leave()

    erin = await door.guest("Erin", device=DEVICE)
    muted = await alice.sees(f"{path}/mutes")
    await alice.client.delete(f"{path}/mutes/{erin.id}")
    await erin.leave()
    frank = await door.guest("Frank", device=DEVICE)

    assert [one["person"]["id"] for one in muted["items"]] == [erin.id]
    assert [one.said["room"]["is_muted"] for one in (dora, erin, frank)] == [False, True, False]
    joined = [one for one in await house.told(door.room, 9) if isinstance(one, ProjectMember)]
    assert {one.person.id for one in joined if one.muted_until} == {
        UUID(dora.id),
        UUID(erin.id),
    }
    assert "post" in (await _may(frank, door))["allowed"]


async def test_the_longest_mute_of_a_device_goes_on(door: Door, alice: Resident) -> None:
    path = f"/v1/rooms/{door.room['id']}/mutes"
    for alias, until in (("Dora", {}), ("Erin", {"until": "2100-01-01T00:00:00Z"})):
        muted = await door.guest(alias, device=DEVICE)
        await alice.client.put(f"{path}/{muted.id}", json=until)

    frank = await door.guest("Frank", device=DEVICE)

    assert (frank.said["room"]["is_muted"], frank.said["room"]["muted_until"]) == (True, None)


async def test_the_log_is_told_who_a_device_was_before(house: House, door: Door) -> None:
    dora = await door.guest("Dora", device=DEVICE)
    await dora.leave()
    await door.guest("Gina", device=DEVICE[::-1])
    await door.guest("Hank")

    erin = await door.guest("Erin", device=DEVICE)
    await door.guest("Frank", device=DEVICE)

    told = [one for one in await house.told(door.room, 8) if isinstance(one, ProjectMember)]
    assert {one.person.name: one.formerly for one in told if one.formerly} == {
        "Erin": UUID(dora.id),
        "Frank": UUID(erin.id),
    }


async def test_a_mute_of_another_device_binds_nobody(door: Door, alice: Resident) -> None:
    dora = await door.guest("Dora")
    await alice.client.put(f"/v1/rooms/{door.room['id']}/mutes/{dora.id}", json={})
    await dora.leave()

    others = [await door.guest("Erin"), await door.guest("Frank", device=DEVICE)]
    allowed = [(await _may(one, door))["allowed"] for one in others]

    assert ["post" in actions for actions in allowed] == [True, True]


async def test_only_who_looks_after_a_room_sees_its_guests(
    house: House, door: Door, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    await alice.gives(door.room, bob, "member")
    dora = await door.guest("Dora")
    path = f"/v1/rooms/{door.room['id']}/guests"

    answers = [
        (await client.get(path)).status_code
        for client in (alice.client, bob.client, charlie.client, dora.client)
    ]

    assert answers == [200, 403, 404, 403]


async def test_the_list_of_guests_is_paged(door: Door, alice: Resident) -> None:
    for number in range(3):
        await door.guest(f"Guest{number}x")
    path = f"/v1/rooms/{door.room['id']}/guests"

    first = await alice.sees(path, limit=2)
    rest = await alice.sees(path, limit=2, cursor=first["next_cursor"])

    shown = [one["alias"] for one in first["items"] + rest["items"]]
    assert shown == ["Guest0x", "Guest1x", "Guest2x"]
    assert rest["next_cursor"] is None


async def test_an_unknown_link_leads_nowhere(door: Door) -> None:
    for slug in ("abcdefghjkmn", "no such slug", "x"):
        answer = await door.passer_by.get(f"/v1/guest-rooms/{slug}")
        assert code(answer) == (404, "not_found")


async def _may(guest: Inside, door: Door) -> Any:
    return (await guest.client.get(f"/v1/rooms/{door.room['id']}/permissions")).json()
