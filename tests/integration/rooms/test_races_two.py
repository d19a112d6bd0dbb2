"""Fifty callers at once, at two instances over one database: what is unique stays so, and what is
counted exact, whoever is asked.

The instances and the people around them are the same for all tests here, which use rooms of their
own: to begin anew each time would cost more than the races.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio

from tests.integration.rooms.entrance import Door, aliases
from tests.integration.rooms.house import House, Resident, StandInAuth, house_at
from tests.integration.rooms.inviting import accepts, invites, listed

pytestmark = pytest.mark.asyncio(loop_scope="module")

CROWD: Final = 50
FEW: Final = 10

SPELLINGS: Final = ("Dora", "dora", "D0ra", "DORA", "D o r a")

Both = tuple[Resident, Resident]
"""Somebody, who asks either instance."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two instances; who is known to one is known to both."""

    houses: tuple[House, House]

    async def resident(self, name: str) -> Both:
        one, other = self.houses
        here = await one.resident(name)
        return here, replace(here, client=await other.client(name))

    async def crowd(self) -> list[Resident]:
        """Let people have accounts, every other one of them asking the other instance."""
        return [
            await self.houses[number % 2].resident(f"Resident{number}") for number in range(CROWD)
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(migrated: str) -> AsyncIterator[Pair]:
    auth = StandInAuth()
    async with house_at(migrated, auth=auth) as one, house_at(migrated, auth=auth) as other:
        yield Pair((one, other))


@pytest_asyncio.fixture(scope="module", loop_scope="module", name="alice")
async def alice_at_both(pair: Pair) -> Both:
    return await pair.resident("Alice")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crowd(pair: Pair) -> list[Resident]:
    return await pair.crowd()


async def at_once(*calls: Coroutine[Any, Any, httpx.Response]) -> list[httpx.Response]:
    """Return the answers to fifty calls that all have begun before the first is answered."""
    assert len(calls) == CROWD
    return await asyncio.gather(*calls)


def outcomes(answers: list[httpx.Response]) -> Counter[tuple[int, str]]:
    return Counter((one.status_code, one.json().get("code", "")) for one in answers)


async def owners(who: Resident, room: dict[str, Any]) -> list[str]:
    members = (await who.sees(f"/v1/rooms/{room['id']}/members", limit=100))["items"]
    return [one["person"]["id"] for one in members if one["role"] == "owner"]


async def test_one_title_is_given_once(alice: Both) -> None:
    kinds = ("public", "private", "guest")

    answers = await at_once(
        *(
            alice[number % 2].client.post(
                "/v1/rooms", json={"kind": kinds[number % 3], "title": "Books"}
            )
            for number in range(CROWD)
        )
    )

    assert outcomes(answers) == {(201, ""): 1, (409, "title_taken"): CROWD - 1}
    assert len((await alice[0].sees("/v1/rooms", q="books"))["items"]) == 1


async def test_a_title_that_is_freed_is_taken_once(alice: Both) -> None:
    rooms = [await alice[0].makes(f"Room {number}") for number in range(FEW)]

    answers = await at_once(
        *(
            alice[number % 2].client.patch(f"/v1/rooms/{room['id']}", json={"title": "Papers"})
            for number, room in enumerate(rooms * (CROWD // FEW))
        )
    )

    # Whoever has the title may ask for it again.
    assert outcomes(answers) == {
        (200, ""): CROWD // FEW,
        (409, "title_taken"): CROWD - CROWD // FEW,
    }
    assert len((await alice[0].sees("/v1/rooms", q="papers"))["items"]) == 1


async def test_a_room_is_handed_to_one_heir(alice: Both, crowd: list[Resident]) -> None:
    room = await alice[0].makes("Heirloom")
    heirs = crowd[:FEW] * (CROWD // FEW)
    await asyncio.gather(*(heir.joins(room) for heir in crowd[:FEW]))

    answers = await at_once(
        *(
            alice[number % 2].client.post(
                f"/v1/rooms/{room['id']}/transfer", json={"user_id": str(heir.id)}
            )
            for number, heir in enumerate(heirs)
        )
    )

    assert outcomes(answers) == {(200, ""): 1, (403, "forbidden"): CROWD - 1}
    [heir] = [heirs[at] for at, answer in enumerate(answers) if answer.status_code == 200]
    assert await owners(alice[1], room) == [str(heir.id)]


async def test_a_room_of_its_own_limit_is_filled_exactly(
    alice: Both, crowd: list[Resident]
) -> None:
    room = await alice[0].makes("Small", max_members=11)

    answers = await at_once(*(one.joins(room) for one in crowd))

    assert outcomes(answers) == {(200, ""): 10, (409, "room_full"): CROWD - 10}
    assert (await alice[1].sees(f"/v1/rooms/{room['id']}"))["member_count"] == 11


async def test_the_last_use_of_an_invitation_is_had_by_one(
    alice: Both, crowd: list[Resident]
) -> None:
    room = await alice[0].makes("Attic", kind="private")
    invite = await invites(alice[0], room, max_uses=1)

    answers = await at_once(*(accepts(one, invite) for one in crowd))

    assert outcomes(answers) == {(200, ""): 1, (404, "not_found"): CROWD - 1}
    assert (await alice[1].sees(f"/v1/rooms/{room['id']}"))["member_count"] == 2
    assert await listed(alice[1], room) == []


async def test_one_alias_is_given_once_however_it_is_spelt(pair: Pair, alice: Both) -> None:
    room = await alice[0].makes("Workshop", kind="guest")
    doors = [Door(house, room, await house.client(None)) for house in pair.houses]

    answers = await at_once(
        *(doors[number % 2].come(SPELLINGS[number % 5]) for number in range(CROWD))
    )

    assert outcomes(answers) == {(201, ""): 1, (409, "alias_taken"): CROWD - 1}
    assert len(await aliases(alice[1], doors[1])) == 1


async def test_of_many_who_restore_a_room_one_does(alice: Both) -> None:
    room = await alice[0].makes("Lost and found")
    await alice[0].client.delete(f"/v1/rooms/{room['id']}")

    answers = await at_once(
        *(
            alice[number % 2].client.post(f"/v1/rooms/{room['id']}/restore")
            for number in range(CROWD)
        )
    )

    assert outcomes(answers) == {(200, ""): 1, (404, "not_found"): CROWD - 1}
    assert (await alice[1].sees(f"/v1/rooms/{room['id']}"))["state"] == "open"
