"""Many at once: an invitation, a ban against a join, a block against a room."""

import asyncio
from collections import Counter

import pytest

from tests.integration.rooms.house import House, Resident, house_at
from tests.integration.rooms.inviting import accepts, invites, listed, revokes
from tests.integration.rooms.moderating import bans, mutes, unbans

CROWD = 50


@pytest.mark.proof
async def test_one_person_who_accepts_many_times_at_once_uses_one(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room, max_uses=2)

    answers = await asyncio.gather(*(accepts(bob, invite) for _ in range(CROWD)))

    assert {answer.status_code for answer in answers} == {200}
    assert (await listed(alice, room))[0]["uses"] == 1


@pytest.mark.proof
async def test_nobody_comes_in_by_an_invitation_after_it_was_revoked(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room)
    crowd = [await house.resident(f"Resident{number}") for number in range(CROWD)]

    *answers, revoked = await asyncio.gather(
        *(accepts(one, invite) for one in crowd), revokes(alice, invite["id"])
    )
    came_in = sum(answer.status_code == 200 for answer in answers)

    assert revoked.status_code == 204
    assert {answer.status_code for answer in answers} <= {200, 404}
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["member_count"] == 1 + came_in


async def test_who_is_banned_while_they_come_in_is_out_in_the_end(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    invite = await invites(alice, room)

    *answers, banned = await asyncio.gather(
        *(bob.joins(room) for _ in range(CROWD // 2)),
        *(accepts(bob, invite) for _ in range(CROWD // 2)),
        bans(alice, room, bob),
    )

    assert banned.status_code == 200
    assert {answer.status_code for answer in answers} <= {200, 403}
    assert (await bob.joins(room)).status_code == 403
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["member_count"] == 1


@pytest.mark.proof
async def test_bans_and_mutes_of_many_hands_at_once_leave_one_of_each(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)

    await asyncio.gather(
        *(mutes(alice, room, bob) for _ in range(CROWD // 4)),
        *(bans(alice, room, bob) for _ in range(CROWD // 4)),
        *(unbans(alice, room, bob) for _ in range(CROWD // 4)),
        *(bob.joins(room) for _ in range(CROWD // 4)),
    )
    await bans(alice, room, bob)

    found = (await alice.sees(f"/v1/rooms/{room['id']}/bans"))["items"]
    assert [one["person"]["name"] for one in found] == ["Bob"]
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["member_count"] == 1


async def test_a_block_and_a_direct_room_that_is_begun_agree_in_the_end(house: House) -> None:
    pairs = [
        (await house.resident(f"Left{number}"), await house.resident(f"Right{number}"))
        for number in range(CROWD // 2)
    ]

    await asyncio.gather(
        *(left.writes_to(right) for left, right in pairs),
        *(right.client.put(f"/v1/blocks/{left.id}") for left, right in pairs),
    )

    # Either there is no room, or it knows of the block.
    wrong = await house.database.fetchval(
        "SELECT count(*) FROM member JOIN room ON room.id = room_id "
        "WHERE room.kind = 'direct' AND NOT is_blocked"
    )
    assert wrong == 0
    again = await asyncio.gather(*(left.writes_to(right) for left, right in pairs))
    assert {answer.status_code for answer in again} <= {200, 403}


async def test_two_who_block_each_other_at_once_do_not_wait_in_a_circle(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = (await alice.writes_to(bob)).json()

    answers = await asyncio.gather(
        *(
            one.client.request(method, f"/v1/blocks/{other.id}")
            for method in ("PUT", "DELETE")
            for one, other in [(alice, bob), (bob, alice)] * (CROWD // 4)
        )
    )
    await bob.client.delete(f"/v1/blocks/{alice.id}")
    await alice.client.put(f"/v1/blocks/{bob.id}")

    assert {answer.status_code for answer in answers} == {204}
    shut = await house.database.fetch(
        "SELECT is_blocked FROM member WHERE room_id = $1", room["id"]
    )
    assert [row["is_blocked"] for row in shut] == [True, True]


@pytest.mark.proof
async def test_a_crowd_at_the_door_shuts_it_exactly(dsn: str) -> None:
    async with house_at(dsn, joins_per_minute=10) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Lobby")
        crowd = [await house.resident(f"Resident{number}") for number in range(CROWD)]

        answers = await asyncio.gather(*(one.joins(room) for one in crowd))

    assert Counter(answer.status_code for answer in answers) == {200: 11, 403: CROWD - 11}
