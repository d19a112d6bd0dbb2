"""Blocks: who wants to have nothing to do with whom, and what follows from it."""

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from libs.common.bus.interface import Binding, Delivery
from libs.common.bus.topology import FACTS
from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.facts import BLOCK_CHANGED, BlockChanged, decode_fact
from tests.integration.rooms.house import PATIENCE_S, House, Resident, house_at


async def blocks(who: Resident, whom: Resident) -> int:
    return (await who.client.put(f"/v1/blocks/{whom.id}")).status_code


async def unblocks(who: Resident, whom: Resident) -> int:
    return (await who.client.delete(f"/v1/blocks/{whom.id}")).status_code


async def of(house: House, *residents: Resident) -> dict[str, list[str]]:
    """Return what other services hear of these people's blocks."""
    gateway = await house.another_service("gateway")
    body = {"person_ids": [str(one.id) for one in residents]}
    answer = await gateway.post("/internal/blocks", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, list[str]] = answer.json()["blocks"]
    return found


class Listener:
    """Hears the facts that rooms tells."""

    def __init__(self) -> None:
        self.facts: list[BlockChanged] = []
        self.news = asyncio.Event()

    def on_delivery(self, delivery: Delivery) -> None:
        fact = decode_fact(delivery.key, delivery.body)
        assert isinstance(fact, BlockChanged)
        self.facts.append(fact)
        self.news.set()

    async def heard(self, count: int) -> list[BlockChanged]:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.facts) < count:
                self.news.clear()
                await self.news.wait()
        return self.facts


async def listening(house: House) -> Listener:
    listener = Listener()
    inbox = await house.bus.open_inbox(
        "listener", (Binding(FACTS, BLOCK_CHANGED),), listener.on_delivery, on_gap=lambda: None
    )
    house.clients.push_async_callback(inbox.close)
    return listener


async def test_who_blocks_sees_whom_and_who_is_blocked_sees_nothing(
    house: House, alice: Resident, bob: Resident
) -> None:
    assert [await blocks(alice, bob) for _ in range(2)] == [204, 204]

    listed = (await alice.sees("/v1/blocks"))["items"]

    assert [one["person"] for one in listed] == [{"kind": "user", "id": str(bob.id), "name": "Bob"}]
    assert listed[0]["since"].endswith("Z")
    assert (await bob.sees("/v1/blocks"))["items"] == []


async def test_other_services_hear_of_a_block_from_both_sides(
    house: House, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    await blocks(alice, bob)

    assert await of(house, alice, bob, charlie) == {
        str(alice.id): [str(bob.id)],
        str(bob.id): [str(alice.id)],
    }


async def test_each_change_is_told_once_and_in_order(
    house: House, alice: Resident, bob: Resident
) -> None:
    listener = await listening(house)

    for change in (blocks, blocks, unblocks, unblocks, blocks):
        await change(alice, bob)
    await blocks(bob, alice)
    heard = await listener.heard(4)

    of_alice = [fact for fact in heard if fact.person_id == alice.id]
    assert [fact.is_blocked for fact in of_alice] == [True, False, True]
    assert [fact.version for fact in of_alice] == [1, 2, 3]
    assert [fact for fact in heard if fact.person_id == bob.id] == [
        BlockChanged(bob.id, alice.id, is_blocked=True, version=1)
    ]


async def test_nobody_blocks_themselves_or_who_does_not_exist(alice: Resident) -> None:
    oneself = await alice.client.put(f"/v1/blocks/{alice.id}")
    nobody = await alice.client.put(f"/v1/blocks/{uuid4()}")

    assert (oneself.status_code, list(oneself.json()["fields"])) == (422, ["user_id"])
    assert nobody.json()["message"] == "There is no such person."
    assert (await alice.client.delete(f"/v1/blocks/{uuid4()}")).status_code == 204


async def test_there_is_an_end_to_blocking(dsn: str) -> None:
    async with house_at(dsn, blocks_per_person=2) as house:
        alice = await house.resident("Alice")
        others = [await house.resident(f"Resident{number}") for number in range(3)]

        answers = await asyncio.gather(*(blocks(alice, other) for other in others))
        known = [one["person"]["id"] for one in (await alice.sees("/v1/blocks"))["items"]]
        again = [await blocks(alice, other) for other in others if str(other.id) in known]

    assert Counter(answers) == {204: 2, 409: 1}
    assert again == [204, 204]


async def test_the_list_is_paged(house: House, alice: Resident) -> None:
    for number in range(3):
        await blocks(alice, await house.resident(f"Resident{number}"))

    first = await alice.sees("/v1/blocks", limit=2)
    rest = await alice.sees("/v1/blocks", limit=2, cursor=first["next_cursor"])

    names = [one["person"]["name"] for page in (first, rest) for one in page["items"]]
    assert sorted(names) == ["Resident0", "Resident1", "Resident2"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("is_back_to_front", [False, True])
async def test_no_direct_room_is_begun_between_two_who_are_blocked(
    alice: Resident, bob: Resident, charlie: Resident, is_back_to_front: bool
) -> None:
    await blocks(bob, alice) if is_back_to_front else await blocks(alice, bob)

    refused = [await alice.writes_to(bob), await bob.writes_to(alice)]
    group = await alice.writes_to(bob, charlie)
    among_others = await charlie.writes_to(alice, bob)

    assert [one.json()["code"] for one in refused] == ["blocked", "blocked"]
    assert group.json()["code"] == "blocked"
    assert among_others.status_code == 201


async def test_a_direct_room_that_is_there_is_shut_until_no_block_binds(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = (await alice.writes_to(bob)).json()
    path = f"/v1/rooms/{room['id']}/permissions"

    await blocks(alice, bob)
    await blocks(bob, alice)
    shut = [(await one.sees(path, explain=True))["explained"] for one in (alice, bob)]
    await unblocks(alice, bob)
    half_shut = (await alice.sees(path))["allowed"]
    await unblocks(bob, alice)
    open_again = (await alice.sees(path))["allowed"]

    assert [_rule(explained, "post") for explained in shut] == ["blocked", "blocked"]
    assert "post" not in half_shut
    assert "post" in open_again
    assert (await bob.writes_to(alice)).status_code == 200


def _rule(explained: list[dict[str, Any]], action: str) -> str:
    return str(next(one["rule"] for one in explained if one["action"] == action))


async def test_the_log_hears_of_the_shut_room_from_neither_of_the_two(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = (await alice.writes_to(bob)).json()

    await blocks(bob, alice)
    told = await house.commanded(room, count=5)
    members = [one for one in await house.told(room, 5) if isinstance(one, ProjectMember)][2:]

    assert {one.person.id for one in members} == {alice.id, bob.id}
    assert [one.is_blocked for one in members] == [True, True]
    assert [one.version for one in members] == [4, 5]
    assert [one.actor.id for one in told[3:]] == [one.person.id for one in members]


async def test_neither_brings_the_other_into_a_private_room(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room, other = await alice.makes("Attic", kind="private"), await bob.makes("Cellar")
    await blocks(bob, alice)
    await bob.client.patch(f"/v1/rooms/{other['id']}", json={"topic": "Wine"})

    refused = await alice.gives(room, bob, "member")
    added = await alice.gives(room, charlie, "admin")
    by_another = await charlie.gives(room, bob, "member")

    assert (refused.status_code, refused.json()["code"]) == (403, "blocked")
    assert (added.status_code, by_another.status_code) == (200, 200)


async def test_who_is_blocked_is_no_acquaintance(
    house: House, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await charlie.joins(room)
    await blocks(bob, alice)
    presence = await house.another_service("presence")
    ids = [str(one.id) for one in (alice, bob, charlie)]

    found = [
        (
            await presence.post(
                "/internal/acquaintances", json={"person_id": ids[asking], "person_ids": ids}
            )
        ).json()["person_ids"]
        for asking in range(3)
    ]

    assert found == [[ids[0], ids[2]], [ids[1], ids[2]], ids]


async def test_only_services_that_need_to_know_hear_of_blocks(house: House) -> None:
    needs = {"messages": 422, "presence": 422, "gateway": 422, "auth": 403}

    for name, status in needs.items():
        caller = await house.another_service(name)
        assert (await caller.post("/internal/blocks", json={})).status_code == status, name
