"""All leases once more, when presence has started anew."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from services.gateway.connection.leases import SLICE_S, LeaseRounds
from services.gateway.hub.people import People
from tests.support.clock import SetClock, settle
from tests.unit.gateway.fakes import ALICE, BOB
from tests.unit.gateway.listening import FakeClient

ROSTER, NEXT_ROSTER = UUID(int=1), UUID(int=2)
PER_S = 40.0
"""Two in each slice."""


class Completed:
    """Takes what is said last."""

    def __init__(self) -> None:
        self.rosters: list[UUID] = []

    def complete_report(self, roster: UUID) -> bool:
        self.rosters.append(roster)
        return True


class Rig:
    def __init__(self) -> None:
        self.people, self.completed, self.clock = People(), Completed(), SetClock()
        self.clients = [
            FakeClient(person, name=f"c-{number}")
            for number, person in enumerate([ALICE, ALICE, BOB, BOB, BOB])
        ]
        for client in self.clients:
            self.people.add(client, max_of_person=9)
        self.rounds = LeaseRounds(self.people, self.completed, per_s=PER_S, clock=self.clock)

    @property
    def reports(self) -> list[int]:
        return [client.reports for client in self.clients]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig()
    working = asyncio.create_task(rig.rounds.run())
    yield rig
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_every_connection_is_reported_a_slice_at_a_time(rig: Rig) -> None:
    rig.rounds.begin(ROSTER)
    await settle()
    assert (sum(rig.reports), rig.completed.rosters) == (2, [])

    await rig.clock.advance(SLICE_S)
    assert (sum(rig.reports), rig.completed.rosters) == (4, [])

    await rig.clock.advance(SLICE_S)
    assert (rig.reports, rig.completed.rosters) == ([1, 1, 1, 1, 1], [ROSTER])


async def test_a_roster_that_asks_again_is_answered_once(rig: Rig) -> None:
    for _ in range(4):
        rig.rounds.begin(ROSTER)
        await rig.clock.advance(2 * SLICE_S)

    assert (rig.reports, rig.completed.rosters) == ([1, 1, 1, 1, 1], [ROSTER])

    rig.rounds.begin(NEXT_ROSTER)
    await rig.clock.advance(2 * SLICE_S)
    assert rig.completed.rosters == [ROSTER, NEXT_ROSTER]


async def test_who_left_meanwhile_is_not_reported(rig: Rig) -> None:
    rig.rounds.begin(ROSTER)
    await settle()
    rig.people.remove(rig.clients[4])

    await rig.clock.advance(2 * SLICE_S)

    assert (rig.reports, rig.completed.rosters) == ([1, 1, 1, 1, 0], [ROSTER])


async def test_those_were_not_all_if_one_was_not_taken_and_the_next_question_begins_anew(
    rig: Rig,
) -> None:
    rig.clients[2].can_report = False
    rig.rounds.begin(ROSTER)
    await rig.clock.advance(2 * SLICE_S)
    assert rig.completed.rosters == []

    rig.clients[2].can_report = True
    rig.rounds.begin(ROSTER)
    await rig.clock.advance(2 * SLICE_S)

    assert rig.completed.rosters == [ROSTER]


async def test_a_gateway_without_connections_says_so_at_once(rig: Rig) -> None:
    for client in rig.clients:
        rig.people.remove(client)

    rig.rounds.begin(ROSTER)
    await settle()

    assert rig.completed.rosters == [ROSTER]
