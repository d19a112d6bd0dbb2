"""Commands that wait for news of their sender."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from libs.common.bus.intake import Intake, Taken
from libs.common.bus.interface import Delivery
from libs.common.contracts.commands import COMMAND_BATCH, PostMessage, encode_commands
from libs.common.contracts.ids import PersonId
from libs.common.contracts.internal import AccessAnswer, AccessRequest
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import Unavailable
from services.messages.consumers.aside import LATE, Aside
from services.messages.core.absences import Absences
from services.messages.model.rooms import Absence
from tests.support.clock import SetClock, settle
from tests.unit.messages.builders import BOB, CHARLIE, LOBBY, asked

WAIT_S = 0.5


def taken(*people: Person) -> list[Taken]:
    """Return commands as the worker has them in hand."""
    intake = Intake(wake=lambda: None)
    commands = [asked(person, PostMessage("hello")).command for person in people]
    body = encode_commands(commands)
    intake.on_delivery(Delivery("m.0", COMMAND_BATCH, body, tag=1, is_redelivered=False))
    return list(intake.ready)


@dataclass
class Rooms:
    """Stands in for the rooms service; answers when it is let."""

    members: set[PersonId] = field(default_factory=set)
    is_away: bool = False
    asked: list[AccessRequest] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def access(self, request: AccessRequest) -> AccessAnswer:
        self.asked.append(request)
        await self.may_answer.wait()
        if self.is_away:
            raise Unavailable
        roles = {one: RoomRole.MEMBER for one in request.person_ids if one in self.members}
        return AccessAnswer(kind=RoomKind.PRIVATE, state=RoomState.OPEN, roles=roles)


@dataclass
class Bench:
    aside: Aside
    rooms: Rooms
    clock: SetClock
    resumed: list[Taken]

    def put(self, commands: Sequence[Taken]) -> None:
        for one in commands:
            self.aside.put(one)

    def absence(self) -> Absence | None:
        return self.aside.absence(LOBBY, CHARLIE.id)


@asynccontextmanager
async def bench(*, max_people: int = 10) -> AsyncIterator[Bench]:
    clock, rooms, resumed = SetClock(), Rooms(), list[Taken]()
    aside = Aside(
        rooms.access,
        Absences(life_s=2, max_people=10),
        resume=resumed.extend,
        wait_s=WAIT_S,
        max_people=max_people,
        clock=clock,
    )
    running = asyncio.create_task(aside.run())
    yield Bench(aside, rooms, clock, resumed)
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_news_resumes_what_waited_in_its_order() -> None:
    async with bench() as at:
        commands = taken(CHARLIE, CHARLIE)
        at.put(commands)
        await settle()

        at.aside.arrived(LOBBY, CHARLIE.id)
        at.aside.release()
        await settle()

        assert at.resumed == commands
        assert not at.aside.is_waiting(LOBBY, CHARLIE.id)


async def test_rooms_is_asked_once_however_much_waits() -> None:
    async with bench() as at:
        at.put(taken(CHARLIE, CHARLIE, CHARLIE))
        await settle()

        [request] = at.rooms.asked
        assert (request.room_id, request.person_ids) == (LOBBY, [CHARLIE.id])


async def test_a_no_of_rooms_resumes_at_once_and_is_believed() -> None:
    async with bench() as at:
        commands = taken(CHARLIE)
        at.put(commands)
        at.rooms.may_answer.set()
        await settle()

        assert at.resumed == commands
        assert at.absence() == Absence(RoomKind.PRIVATE, is_late=False)
        await at.clock.advance(2)
        assert at.absence() is None


@pytest.mark.parametrize("is_away", [True, False])
async def test_no_news_in_time_resumes_as_late(is_away: bool) -> None:
    async with bench() as at:
        at.rooms.members, at.rooms.is_away = {CHARLIE.id}, is_away
        at.rooms.may_answer.set()
        commands = taken(CHARLIE)
        at.put(commands)
        await settle()
        assert at.resumed == []

        await at.clock.advance(WAIT_S)

        assert at.resumed == commands
        assert at.absence() == LATE


async def test_an_answer_that_takes_too_long_is_not_waited_for() -> None:
    async with bench() as at:
        at.put(taken(CHARLIE))

        await at.clock.advance(WAIT_S)
        assert len(at.resumed) == 1
        at.rooms.may_answer.set()
        await settle()

        assert len(at.resumed) == 1
        assert at.absence() == LATE


async def test_nothing_is_resumed_while_a_batch_is_in_hand() -> None:
    async with bench() as at:
        commands = taken(CHARLIE, CHARLIE)
        at.put(commands[:1])
        at.aside.hold()
        at.rooms.may_answer.set()
        await settle()
        assert at.resumed == []

        at.put(commands[1:])
        at.aside.release()
        await settle()

        assert at.resumed == commands


async def test_a_batch_taken_right_after_another_still_comes_first() -> None:
    async with bench() as at:
        at.put(taken(CHARLIE))
        at.aside.arrived(LOBBY, CHARLIE.id)

        at.aside.release()
        at.aside.hold()
        await settle()

        assert at.resumed == []


async def test_people_wait_apart() -> None:
    async with bench() as at:
        charlies, bobs = taken(CHARLIE), taken(BOB)
        at.put([*charlies, *bobs])

        at.aside.arrived(LOBBY, BOB.id)
        at.aside.release()
        await settle()

        assert at.resumed == bobs
        assert at.aside.is_waiting(LOBBY, CHARLIE.id)


async def test_news_of_nobody_who_waits_changes_nothing() -> None:
    async with bench() as at:
        at.aside.arrived(LOBBY, CHARLIE.id)
        at.aside.release()
        await settle()

        assert at.resumed == []


async def test_when_too_many_wait_others_are_told_to_come_again() -> None:
    async with bench(max_people=1) as at:
        assert at.absence() is None
        at.put(taken(BOB))

        assert at.absence() == LATE
