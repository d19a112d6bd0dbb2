"""What a poll hears of rooms that are not simply open to it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel

from services.gateway.connection.poll import RETRY_S
from tests.support.clock import settle
from tests.unit.gateway.calling import Gateway, World, at, gateway
from tests.unit.gateway.fakes import (
    ALICE,
    ATTIC,
    CHARLIE,
    FIRST_EPOCH,
    LOBBY,
    A,
    FakeMessages,
)


class Faltering(FakeMessages):
    """Answers `left` more questions for events, and then none."""

    left = 0

    async def post(self, path: str, answer: type[A], *, body: BaseModel) -> A:
        if path == "/internal/events":
            self.is_down = not self.left
            self.left -= 1
        return await super().post(path, answer, body=body)


@pytest.fixture
async def world() -> World:
    world = World()
    await world.open()
    return world


@pytest.fixture
async def there(world: World) -> AsyncIterator[Gateway]:
    async with gateway(world) as running:
        yield running


async def test_of_a_room_that_is_none_of_theirs_somebody_hears_at_once(
    world: World, there: Gateway
) -> None:
    call = await there.wait(token=CHARLIE.name, cursors=at(0))

    assert call.answer.body["cursors"] == {
        str(LOBBY): {"recovered": False, "reason": "not_found"},
    }


async def test_a_public_room_can_be_heard_by_others(world: World, there: Gateway) -> None:
    world.messages.log(ATTIC, is_public=True)
    await world.say(2, room_id=ATTIC)

    call = await there.wait(token=CHARLIE.name, cursors=at(1, ATTIC))

    assert call.answer.seqs == [2]


async def test_a_guest_hears_the_one_room(world: World, there: Gateway) -> None:
    world.messages.log(ATTIC)
    there.door.only = LOBBY

    call = await there.wait(cursors=at(0) | at(0, ATTIC))

    assert call.answer.body["cursors"] == at(0) | {
        str(ATTIC): {"recovered": False, "reason": "not_found"}
    }


async def test_a_removal_ends_the_room(world: World, there: Gateway) -> None:
    call = await there.wait(cursors=at(0))

    await world.say(detach=str(ALICE.id), reason="removed")
    await world.say()
    await settle()

    last, left = call.answer.body["events"]
    assert last["seq"] == 1
    assert left["type"] == "room_left"
    assert left["data"] == {"room_id": str(LOBBY), "reason": "removed"}
    assert call.answer.body["cursors"][str(LOBBY)]["reason"] == "not_found"


async def test_a_removal_that_was_missed_ends_the_replay(world: World, there: Gateway) -> None:
    world.messages.gates["/internal/events"] = asyncio.Event()
    await world.say()
    call = await there.wait(cursors=at(0))
    await world.say(detach=str(ALICE.id), reason="banned")
    await world.say()

    world.messages.gates["/internal/events"].set()
    await settle()

    assert [frame["type"] for frame in call.answer.body["events"]] == [
        "message",
        "message",
        "room_left",
    ]
    assert call.answer.body["cursors"][str(LOBBY)]["reason"] == "not_found"


@pytest.mark.parametrize(("seq", "epoch"), [(1, "another"), (7, FIRST_EPOCH)])
async def test_a_cursor_of_another_history_is_a_gap(
    world: World, there: Gateway, seq: int, epoch: str
) -> None:
    await world.say(3)

    call = await there.wait(cursors=at(seq, epoch=epoch))

    [gap] = call.answer.body["events"]
    assert gap["data"] == {"from_seq": 1, "to_seq": 3, "reason": "epoch"}
    assert call.answer.body["cursors"] == at(3)


async def test_too_much_missed_is_a_gap(world: World, there: Gateway) -> None:
    await world.say(501)

    call = await there.wait(cursors=at(0))

    [gap] = call.answer.body["events"]
    assert gap["data"] == {"from_seq": 1, "to_seq": 501, "reason": "too_many"}
    assert call.answer.body["cursors"] == at(501)


async def test_a_large_answer_says_that_there_is_more(world: World) -> None:
    async with gateway(world, poll_answer_bytes=1_024) as there:
        await world.say(200)

        call = await there.wait(cursors=at(0))

        assert call.answer.body["more"] is True
        assert call.answer.seqs == list(range(1, len(call.answer.seqs) + 1))
        assert call.answer.body["cursors"] == at(len(call.answer.seqs))


async def test_a_gap_that_was_not_told_yet_is_not_behind_the_client(world: World) -> None:
    world.messages.log(ATTIC)
    async with gateway(world, poll_answer_bytes=1_024, replay_events_per_room=100) as there:
        await world.say(100)
        await world.say(101, room_id=ATTIC)

        call = await there.wait(cursors=at(0) | at(0, ATTIC))

        assert call.answer.body["more"] is True
        assert call.answer.body["cursors"][str(ATTIC)]["reason"] == "unavailable"


async def test_without_the_log_a_poll_is_refused(world: World, there: Gateway) -> None:
    world.messages.is_down = True

    call = await there.wait(cursors=at(0))

    assert (call.answer.status, call.answer.code) == (503, "unavailable")
    assert "retry-after" in call.answer.headers


async def test_a_room_that_nobody_can_tell_about_is_asked_for_again_soon(
    world: World, there: Gateway
) -> None:
    world.messages.log(ATTIC).doubts.add(ALICE.id)
    call = await there.wait(cursors=at(0) | at(0, ATTIC))
    assert not call.answer.is_whole

    await world.clock.advance(RETRY_S)

    assert call.answer.body["cursors"][str(ATTIC)]["reason"] == "unavailable"
    assert call.answer.body["cursors"][str(LOBBY)]["seq"] == 0


async def test_what_was_replayed_before_the_log_went_away_counts(world: World) -> None:
    world.messages = messages = Faltering()
    messages.left = 1
    messages.log()
    async with gateway(world) as there:
        await world.say(300)

        call = await there.wait(cursors=at(0))

        heard = call.answer.seqs
        assert heard == list(range(1, len(heard) + 1))
        assert 0 < len(heard) < 300
        assert call.answer.body["cursors"] == at(len(heard))
