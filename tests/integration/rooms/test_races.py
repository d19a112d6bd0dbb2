"""Many at once: what is counted stays counted, and what is unique stays so."""

import asyncio
from collections import Counter

from libs.common.contracts.commands import ProjectMember, ProjectRoom
from tests.integration.rooms.house import House, Resident, house_at

CROWD = 20


async def test_a_crowd_that_joins_at_once_fills_a_room_exactly(dsn: str) -> None:
    async with house_at(dsn, members_per_room=11) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Lobby")
        crowd = [await house.resident(f"Resident{number}") for number in range(CROWD)]

        answers = await asyncio.gather(*(one.joins(room) for one in crowd))
        told = await house.told(room, 12)

        assert Counter(answer.status_code for answer in answers) == {200: 10, 409: CROWD - 10}
        assert (await alice.sees(f"/v1/rooms/{room['id']}"))["member_count"] == 11
        versions = [one.version for one in told if isinstance(one, ProjectRoom | ProjectMember)]
        assert versions == list(range(1, 13))


async def test_one_person_who_joins_many_times_at_once_is_in_once(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")

    answers = await asyncio.gather(*(bob.joins(room) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["member_count"] == 2


async def test_of_the_last_two_owners_one_stays(alice: Resident, bob: Resident) -> None:
    for number in range(5):
        room = await alice.makes(f"Room {number}")
        await bob.joins(room)
        await alice.gives(room, bob, "owner")

        answers = await asyncio.gather(
            alice.gives(room, alice, "member"), bob.gives(room, bob, "member")
        )

        assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_of_the_last_two_owners_who_leave_one_stays(alice: Resident, bob: Resident) -> None:
    for number in range(5):
        room = await alice.makes(f"Room {number}")
        await bob.joins(room)
        await alice.gives(room, bob, "owner")

        answers = await asyncio.gather(alice.leaves(room), bob.leaves(room))

        assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_a_direct_room_asked_for_from_both_sides_at_once_is_one(
    house: House, alice: Resident, bob: Resident
) -> None:
    answers = await asyncio.gather(
        *(one.writes_to(other) for one, other in [(alice, bob), (bob, alice)] * 10)
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await house.told(answers[0].json(), 3)) == 3


async def test_one_key_used_many_times_at_once_makes_one_room(alice: Resident) -> None:
    answers = await asyncio.gather(
        *(
            alice.client.post(
                "/v1/rooms",
                json={"kind": "public", "title": "Books"},
                headers={"Idempotency-Key": "again"},
            )
            for _ in range(20)
        )
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_one_title_wanted_many_times_at_once_is_given_once(alice: Resident) -> None:
    answers = await asyncio.gather(
        *(
            alice.client.post("/v1/rooms", json={"kind": kind, "title": "Books"})
            for kind in ("public", "private") * 10
        )
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}


async def test_the_limit_of_rooms_holds_when_many_are_made_at_once(dsn: str) -> None:
    async with house_at(dsn, rooms_per_owner=3) as house:
        alice = await house.resident("Alice")

        answers = await asyncio.gather(
            *(
                alice.client.post("/v1/rooms", json={"kind": "public", "title": f"Room {number}"})
                for number in range(20)
            )
        )

    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 17}


async def test_a_room_that_is_deleted_while_people_join_ends_up_deleted(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Lobby")
    crowd = [await house.resident(f"Resident{number}") for number in range(10)]

    answers = await asyncio.gather(
        *(one.joins(room) for one in crowd), alice.client.delete(f"/v1/rooms/{room['id']}")
    )

    assert {answer.status_code for answer in answers} <= {200, 204, 404}
    assert (await alice.client.get(f"/v1/rooms/{room['id']}")).status_code == 404
