"""Rooms that were told that nobody knows who is there are told when somebody does."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.gateway.hub.joining import Allowance
from tests.support.clock import SetClock, settle
from tests.unit.gateway.fakes import ATTIC, LOBBY
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.staging import Stage, stage_with

RETRY_S = 2.0
LISTENER = FakeClient()


@pytest.fixture
def stage() -> Stage:
    stage = stage_with(online_retry_s=RETRY_S)
    for room_id in (LOBBY, ATTIC):
        stage.hub.expect(LISTENER, room_id, Allowance())
    return stage


@pytest.fixture
async def clock(stage: Stage) -> AsyncIterator[SetClock]:
    working = asyncio.create_task(stage.relief.unshown.run())
    await settle()
    yield stage.clock
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_presence_is_asked_once_for_all_rooms_of_a_while(
    stage: Stage, clock: SetClock
) -> None:
    stage.relief.unshown.add([LOBBY])
    await clock.advance(RETRY_S / 2)
    stage.relief.unshown.add([ATTIC, LOBBY])
    assert stage.presence.shown == []

    await clock.advance(RETRY_S * 5)

    assert stage.presence.shown == [[LOBBY, ATTIC]]
    assert stage.relief.unshown.rooms == set()


async def test_it_is_asked_again_until_it_answers(stage: Stage, clock: SetClock) -> None:
    stage.presence.is_down = True
    stage.relief.unshown.add([LOBBY])
    await clock.advance(RETRY_S * 3)
    assert len(stage.presence.calls) == 3

    stage.presence.is_down = False
    await clock.advance(RETRY_S * 3)

    assert stage.presence.shown == [[LOBBY]]


async def test_a_room_that_comes_while_it_is_asked_is_asked_for_next(
    stage: Stage, clock: SetClock
) -> None:
    stage.presence.gate = asyncio.Event()
    stage.relief.unshown.add([LOBBY])
    await clock.advance(RETRY_S)
    stage.relief.unshown.add([ATTIC])
    stage.presence.gate.set()

    await clock.advance(RETRY_S * 2)

    assert stage.presence.shown == [[LOBBY], [ATTIC]]


async def test_a_room_that_nobody_hears_any_more_is_forgotten(
    stage: Stage, clock: SetClock
) -> None:
    stage.relief.unshown.add([LOBBY, ATTIC])
    stage.hub.leave(LISTENER, ATTIC)

    await clock.advance(RETRY_S * 3)

    assert stage.presence.shown == [[LOBBY]]
    assert stage.relief.unshown.rooms == set()
