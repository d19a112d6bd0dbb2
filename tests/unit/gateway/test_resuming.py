"""Resumes: each room is answered for, and nothing comes between."""

import asyncio
from uuid import UUID

import pytest

from libs.common.contracts.ids import RoomId, Seq
from services.gateway.core.effects import From
from tests.support.clock import settle
from tests.unit.gateway.fakes import (
    ATTIC,
    CHARLIE,
    FIRST_EPOCH,
    LOBBY,
)
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.staging import Stage, stage_with


@pytest.fixture
def stage() -> Stage:
    return stage_with()


async def test_a_resume_answers_for_each_room_behind_the_replays(stage: Stage) -> None:
    stage.messages.log(LOBBY).fill(5)
    stage.messages.log(ATTIC).fill(600)
    alice = FakeClient()

    rooms = await stage.resume(
        alice,
        From(LOBBY, Seq(3), FIRST_EPOCH),
        From(ATTIC, Seq(1), FIRST_EPOCH),
        From(RoomId(CHARLIE.id), Seq(1), FIRST_EPOCH),
    )
    stage.say()
    stage.say(room_id=ATTIC)

    assert rooms == [
        {"room_id": str(LOBBY), "recovered": True, "from": 3, "to": 5},
        {"room_id": str(ATTIC), "recovered": False, "reason": "too_many"},
        {"room_id": str(CHARLIE.id), "recovered": False, "reason": "not_found"},
    ]
    assert alice.sent == [4, 5, "gap", "resumed"]
    assert alice.heard() == [6, 601]


async def test_all_rooms_of_a_resume_share_one_call(stage: Stage) -> None:
    rooms = [RoomId(UUID(int=number)) for number in range(50)]
    alice = FakeClient()

    await stage.resume(alice, *(From(room, Seq(0), FIRST_EPOCH) for room in rooms))

    assert len(stage.messages.asked("/internal/attach")) == 1


async def test_a_connection_replays_only_so_much_in_all() -> None:
    stage = stage_with(replay_events=10)
    stage.messages.log(LOBBY).fill(8)
    stage.messages.log(ATTIC).fill(8)
    alice = FakeClient()

    rooms = await stage.resume(
        alice, From(LOBBY, Seq(0), FIRST_EPOCH), From(ATTIC, Seq(0), FIRST_EPOCH)
    )

    assert [room["recovered"] for room in rooms] == [True, False]


async def test_a_resume_within_auth_is_answered_also_without_the_log(stage: Stage) -> None:
    stage.messages.is_down = True

    [room] = await stage.resume(FakeClient(), From(LOBBY, Seq(0), FIRST_EPOCH), ref=None)

    assert room == {"room_id": str(LOBBY), "recovered": False, "reason": "unavailable"}


async def test_events_wait_until_the_resume_was_answered(stage: Stage) -> None:
    stage.messages.log(LOBBY).fill(1)
    stage.messages.log(ATTIC).fill(1)
    stage.messages.gates["/internal/events"] = asyncio.Event()
    alice = FakeClient()
    places = (From(LOBBY, Seq(1), FIRST_EPOCH), From(ATTIC, Seq(0), FIRST_EPOCH))
    resuming = asyncio.create_task(stage.resume(alice, *places))
    await settle()
    stage.say()
    await settle()
    assert alice.sent == []

    stage.messages.gates["/internal/events"].set()
    await resuming

    assert alice.sent == [1, "resumed", 2]
