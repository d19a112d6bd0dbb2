"""Another instance has written to a room that this one remembers: what the head is for."""

import asyncio

import pytest

from libs.common.contracts.commands import MarkRead, Payload, PostMessage, ProjectMember
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import Person
from libs.common.errors import NotFound
from services.messages.consumers.aside import Aside
from services.messages.consumers.memory import Memory
from services.messages.consumers.writing import RoomWriter
from services.messages.core.absences import Absences
from services.messages.core.decide import Decision
from services.messages.model.rooms import Absence
from tests.integration.messages.desk import Desk
from tests.support.clock import CountedChance, SetClock
from tests.unit.messages.builders import ALICE, BOB, LIMITS, LOBBY, asked, habits


class Instance:
    """One that remembers; the desk stands for the other one, which does not."""

    def __init__(self, desk: Desk) -> None:
        clock, chance = SetClock(), CountedChance()
        absences = Absences(life_s=2, max_people=10)
        absences.put(LOBBY, BOB.id, Absence(kind=None, is_late=False), now=clock.monotonic())
        self.memory = Memory(max_rooms=10, max_members=10)
        self.writer = RoomWriter(
            desk.known,
            desk.log,
            memory=self.memory,
            aside=Aside(
                lambda _: asyncio.Future(),
                absences,
                resume=lambda _: None,
                wait_s=1,
                max_people=10,
                clock=clock,
            ),
            limits=LIMITS,
            habits=habits(),
            rounds=2,
            new_id=lambda: MessageId(chance.new_id()),
            clock=clock,
        )

    async def obey(self, person: Person, payload: Payload, *, command_id: str = "") -> Decision:
        command = asked(person, payload, command_id=command_id or None)
        [decision] = await self.writer.write({LOBBY: [command]})
        return decision


@pytest.fixture
async def instance(desk: Desk) -> Instance:
    """An instance that has just written to the lobby."""
    instance = Instance(desk)
    await instance.obey(BOB, PostMessage("first"), command_id="first")
    assert instance.memory.recall(LOBBY, [asked(BOB, PostMessage("more"))]) is not None
    return instance


def said(decision: Decision) -> object:
    [reply] = decision.replies
    return reply.said


async def test_its_next_message_stands_behind_the_others(desk: Desk, instance: Instance) -> None:
    await desk.post(ALICE, "theirs")

    await instance.obey(BOB, PostMessage("ours"))

    room, entries = await desk.logged()
    texts = [entry.message.content for entry in entries if entry.message is not None]
    assert texts == ["first", "theirs", "ours"]
    assert [entry.seq for entry in entries] == list(range(1, room.head_seq + 1))


async def test_what_the_other_one_has_obeyed_is_answered_as_there(
    desk: Desk, instance: Instance
) -> None:
    theirs = await desk.obey(BOB, PostMessage("once"), command_id="once")

    ours = await instance.obey(BOB, PostMessage("once"), command_id="once")

    [entry] = theirs.change.entries
    assert list(ours.again) == [entry.seq]
    assert not ours.change.entries
    assert isinstance(ours.replies[0].said, dict)
    assert ours.replies[0].said["duplicate"] is True


async def test_who_was_removed_elsewhere_is_refused(desk: Desk, instance: Instance) -> None:
    await desk.obey(ALICE, ProjectMember(9, BOB, None))

    refusal = said(await instance.obey(BOB, PostMessage("still here?")))

    assert isinstance(refusal, NotFound)


async def test_what_was_written_elsewhere_can_be_marked_as_read(
    desk: Desk, instance: Instance
) -> None:
    theirs = await desk.obey(ALICE, PostMessage("theirs"))
    [entry] = theirs.change.entries

    assert said(await instance.obey(BOB, MarkRead(entry.seq))) == {"read_seq": entry.seq}
    assert said(await instance.obey(BOB, MarkRead(Seq(10**6)))) == {"read_seq": entry.seq}
