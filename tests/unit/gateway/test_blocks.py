"""How a gateway learns who has blocked whom, and how that is kept true."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.common.contracts.facts import BlockChanged
from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.people import Person
from services.gateway.hub.blocks import RETRY_S, Blocks
from services.gateway.hub.hub import Hub
from services.gateway.hub.people import People
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock, settle
from tests.unit.gateway.fakes import ALICE, BOB, CHARLIE, LOBBY, FakeRooms
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.pressed import relief_for
from tests.unit.gateway.speaking import NOW, standing


@dataclass
class Rig:
    """What a gateway knows of blocks, with rooms beside it."""

    clock: SetClock
    hub: Hub
    people: People
    rooms: FakeRooms
    blocks: Blocks
    retold: set[RoomId]

    def connect(self, person: Person) -> FakeClient:
        client = FakeClient(person, name=person.name)
        client.listen_to(standing(LOBBY, head_seq=Seq(0)))
        self.people.add(client, max_of_person=9)
        return client

    def are_apart(self, one: Person = ALICE, other: Person = BOB) -> bool:
        return other.id in self.hub.apart.of(one.id)

    async def tell(self, one: Person, other: Person, *, is_blocked: bool, version: int = 1) -> None:
        self.blocks.on_changed(BlockChanged(one.id, other.id, is_blocked, version))
        await settle()


@asynccontextmanager
async def rig(**knobs: Any) -> AsyncIterator[Rig]:
    clock, people, rooms = SetClock(NOW), People(), FakeRooms()
    hub, settings = Hub(clock), GatewaySettings(**knobs)
    unshown = relief_for(hub, clock, settings=settings).unshown
    blocks = Blocks(rooms, hub.apart, people, unshown, settings=settings, clock=clock)
    running = asyncio.create_task(blocks.run())
    yield Rig(clock, hub, people, rooms, blocks, unshown.rooms)
    running.cancel()
    await asyncio.wait({running})


async def test_all_who_connect_in_one_turn_share_a_question() -> None:
    async with rig() as here:
        here.rooms.blocks = {ALICE.id: [BOB.id], BOB.id: [ALICE.id]}

        await asyncio.gather(*(here.blocks.learn(one.id) for one in (ALICE, BOB, CHARLIE)))

        assert here.rooms.asked == [[ALICE.id, BOB.id, CHARLIE.id]]
        assert here.are_apart()
        assert not here.are_apart(CHARLIE)


async def test_who_comes_back_costs_no_question() -> None:
    async with rig() as here:
        await here.blocks.learn(ALICE.id)

        await here.blocks.learn(ALICE.id)

        assert len(here.rooms.asked) == 1


async def test_a_fact_parts_two_people_at_once_and_both_are_told_who_is_there() -> None:
    async with rig() as here:
        here.connect(ALICE)
        await here.blocks.learn(ALICE.id)

        await here.tell(BOB, ALICE, is_blocked=True)

        assert here.are_apart()
        assert LOBBY in here.retold
        assert len(here.rooms.asked) == 1


async def test_a_block_that_is_taken_back_is_asked_for_since_there_may_be_another() -> None:
    async with rig() as here:
        here.rooms.blocks = {ALICE.id: [BOB.id]}
        await here.blocks.learn(ALICE.id)

        await here.tell(BOB, ALICE, is_blocked=False)
        still = here.are_apart()
        here.rooms.blocks = {}
        await here.tell(ALICE, BOB, is_blocked=False, version=2)

        assert (still, here.are_apart()) == (True, False)


async def test_what_is_told_while_rooms_answers_is_not_undone_by_an_older_answer() -> None:
    async with rig() as here:
        here.rooms.gate = asyncio.Event()
        learning = here.blocks.learn(ALICE.id)
        await settle()
        here.rooms.blocks = {ALICE.id: [BOB.id]}
        await here.tell(BOB, ALICE, is_blocked=True)

        here.rooms.gate.set()
        await learning
        await settle()

        assert here.are_apart()
        assert len(here.rooms.asked) == 2


async def test_nobody_is_kept_out_because_rooms_is_away() -> None:
    async with rig() as here:
        here.rooms.blocks, here.rooms.is_down = {ALICE.id: [BOB.id]}, True
        await here.blocks.learn(ALICE.id)
        before = here.are_apart()

        here.rooms.is_down = False
        for _ in range(2):
            await here.clock.advance(RETRY_S)

        assert (before, here.are_apart()) == (False, True)


async def test_after_a_gap_all_who_are_here_are_asked_for_again() -> None:
    async with rig() as here:
        here.connect(ALICE)
        for person in (ALICE, BOB):
            await here.blocks.learn(person.id)
        here.rooms.blocks = {ALICE.id: [CHARLIE.id]}

        here.blocks.doubt()
        await settle()

        assert here.rooms.asked[2:] == [[ALICE.id]]
        assert here.are_apart(ALICE, CHARLIE)


async def test_facts_of_people_who_were_never_here_are_not_kept() -> None:
    async with rig() as here:
        await here.tell(BOB, CHARLIE, is_blocked=True)

        assert not here.hub.apart


async def test_those_who_are_gone_are_forgotten_when_there_are_too_many() -> None:
    async with rig(max_connections=2) as here:
        here.connect(ALICE)
        crowd = [PersonId(UUID(int=number)) for number in range(100, 110)]
        here.rooms.blocks = {one: [BOB.id] for one in crowd} | {ALICE.id: [BOB.id]}

        for person_id in (ALICE.id, *crowd):
            await here.blocks.learn(person_id)

        assert len(here.hub.apart.of(BOB.id)) <= 6
        assert here.are_apart()
