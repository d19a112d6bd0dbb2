"""Writing changes: compared before they are written, all of them or none."""

import asyncio
from uuid import UUID

import pytest

from libs.common.contracts.commands import (
    PostMessage,
    ProjectMember,
    ProjectRoom,
    RemoveReaction,
)
from libs.common.contracts.ids import RoomId, Seq
from libs.common.contracts.rooms import RoomKind, RoomState
from services.messages.core.decide import decide
from services.messages.core.pace import Pace
from services.messages.model.changes import Asked
from tests.integration.messages.desk import Desk
from tests.support.waiting import until_one_waits
from tests.unit.messages.builders import ALICE, BOB, CHARLIE, LOBBY, around, asked

PARTY = "\U0001f389"
CELLAR = RoomId(UUID(int=12, version=4))


async def test_what_was_written_is_read_as_it_was(desk: Desk) -> None:
    decision = await desk.decide(
        asked(BOB, PostMessage(f"hello <@{ALICE.id}>"), command_id="m-1"),
        asked(ALICE, PostMessage("hello, Bob")),
    )
    await desk.write(decision)

    room, entries = await desk.logged()

    assert room == decision.change.room
    assert entries[2:] == decision.change.entries
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]


@pytest.mark.parametrize("count", [1, 2])
async def test_one_message_and_many_are_written_alike(desk: Desk, count: int) -> None:
    posts = [asked(BOB, PostMessage(f"number {number}")) for number in range(count)]

    decision = await desk.decide(*posts)
    await desk.write(decision)

    room, entries = await desk.logged()
    assert room == decision.change.room
    assert entries[2:] == decision.change.entries
    known = await desk.look_up(*posts)
    assert known.outcomes == decision.change.outcomes


@pytest.mark.parametrize("extra", [[], [asked(BOB, PostMessage("too"))]])
async def test_a_change_based_on_an_old_head_is_not_written(desk: Desk, extra: list[Asked]) -> None:
    late = await desk.decide(asked(BOB, PostMessage("late")), *extra)
    await desk.post(ALICE, "first")
    before = await desk.logged()

    assert await desk.write(late) == {LOBBY}

    assert await desk.logged() == before


async def test_a_change_based_on_an_old_version_is_not_written(desk: Desk) -> None:
    late = await desk.decide(asked(BOB, PostMessage("late")))
    await desk.obey(ALICE, ProjectMember(4, CHARLIE, None))
    before = await desk.logged()

    assert await desk.write(late) == {LOBBY}

    assert await desk.logged() == before


async def test_one_stale_room_keeps_the_others_from_being_written(desk: Desk) -> None:
    await desk.begin(CELLAR)
    stale = await desk.decide(asked(BOB, PostMessage("stale")))
    fresh = await desk.decide(asked(BOB, PostMessage("fresh")), room_id=CELLAR)
    await desk.post(ALICE, "first")

    assert await desk.write(stale, fresh) == {LOBBY}
    room, _ = await desk.logged(CELLAR)
    assert room.head_seq == 2

    again = await desk.decide(asked(BOB, PostMessage("stale")))
    assert await desk.write(again, fresh) == set()


async def test_a_command_that_was_obeyed_meanwhile_is_not_obeyed_again(desk: Desk) -> None:
    command = asked(BOB, PostMessage("hello"), command_id="m-1")
    await desk.post(BOB, "hello", command_id="m-1")
    known = await desk.look_up(command)
    known.outcomes.clear()
    blind = [
        decide(LOBBY, known, commands, pace=Pace(), around=around())
        for commands in ([command], [command, asked(BOB, PostMessage("more"))])
    ]

    assert [await desk.write(decision) for decision in blind] == [{LOBBY}, {LOBBY}]

    _, entries = await desk.logged()
    assert len(entries) == 3


async def test_a_command_that_changed_nothing_meanwhile_is_noticed_too(desk: Desk) -> None:
    message_id = await desk.post(BOB, "hello")
    nothing = asked(ALICE, RemoveReaction(message_id, PARTY), command_id="c-1")
    first, second = await desk.decide(nothing), await desk.decide(nothing)
    assert await desk.write(first) == set()

    assert await desk.write(second) == {LOBBY}


async def test_two_who_change_nothing_by_the_same_command_at_once_meet(desk: Desk) -> None:
    message_id = await desk.post(BOB, "hello")
    nothing = asked(ALICE, RemoveReaction(message_id, PARTY), command_id="c-1")
    ours = await desk.decide(nothing)
    async with desk.database.transaction() as theirs:
        await theirs.execute(KEEP, LOBBY, ALICE.id)
        writing = asyncio.create_task(desk.write(ours))
        await until_one_waits(desk.database)

    assert await writing == {LOBBY}


KEEP = "INSERT INTO command_key VALUES ($1, $2, 'c-1', NULL, 'remove_reaction', '')"


async def test_the_same_client_id_in_two_rooms_makes_two_messages(desk: Desk) -> None:
    await desk.begin(CELLAR)
    command = asked(BOB, PostMessage("hello"), command_id="m-1")

    here, there = await desk.decide(command), await desk.decide(command, room_id=CELLAR)
    assert await desk.write(here, there) == set()

    assert len((await desk.logged())[1]) == len((await desk.logged(CELLAR))[1]) == 3


@pytest.mark.slow
async def test_two_writers_at_one_head_leave_no_hole(desk: Desk) -> None:
    async def write_all(name: str) -> int:
        rounds = 0
        for number in range(25):
            command = asked(BOB, PostMessage(f"{name} {number}"), command_id=f"{name}-{number}")
            while await desk.write(await desk.decide(command)):
                rounds += 1
        return rounds

    lost = await asyncio.gather(write_all("one"), write_all("two"), write_all("three"))

    assert sum(lost) > 0
    room, entries = await desk.logged()
    assert room.head_seq == 2 + 75
    assert [entry.seq for entry in entries] == list(range(1, 78))
    for name in ("one", "two", "three"):
        texts = [e.message.content for e in entries if e.message]
        assert [text for text in texts if text.startswith(name)] == [
            f"{name} {number}" for number in range(25)
        ]


@pytest.mark.slow
async def test_batches_that_cross_each_other_never_deadlock(desk: Desk) -> None:
    rooms = [RoomId(UUID(int=100 + number, version=4)) for number in range(6)]
    for room_id in rooms:
        await desk.begin(room_id)

    async def write_all(name: str, order: list[RoomId]) -> None:
        for number in range(15):
            command = asked(BOB, PostMessage("x"), command_id=f"{name}-{number}")
            while await desk.write(
                *[await desk.decide(command, room_id=room_id) for room_id in order]
            ):
                pass

    await asyncio.gather(write_all("one", rooms), write_all("two", rooms[::-1]))

    for room_id in rooms:
        room, entries = await desk.logged(room_id)
        assert room.head_seq == len(entries) == 2 + 30


async def test_two_instances_begin_a_room_once(desk: Desk) -> None:
    told = ProjectRoom(1, RoomKind.PRIVATE, RoomState.OPEN, "Cellar", "", 0)
    first = await desk.decide(asked(ALICE, told), room_id=CELLAR)
    second = await desk.decide(asked(ALICE, told), room_id=CELLAR)

    assert await desk.write(first) == set()
    assert await desk.write(second) == {CELLAR}

    room, _ = await desk.logged(CELLAR)
    assert room == first.change.room


async def test_a_stale_batch_begins_no_room(desk: Desk) -> None:
    told = ProjectRoom(1, RoomKind.PRIVATE, RoomState.OPEN, "Cellar", "", 0)
    begun = await desk.decide(asked(ALICE, told), room_id=CELLAR)
    stale = await desk.decide(asked(BOB, PostMessage("late")))
    await desk.post(ALICE, "first")

    assert await desk.write(begun, stale) == {LOBBY}

    assert await desk.entries.after(CELLAR, Seq(0), limit=1) is None
