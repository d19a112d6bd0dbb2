"""What goes first of what the bus brings, what waits, and what is left out."""

import asyncio
from uuid import UUID

import pytest

from libs.common.contracts.events import (
    ANSWER_BATCH,
    EVENT_BATCH,
    PERSONAL_BATCH,
    SIGNAL_BATCH,
    Answer,
    Personal,
    Signal,
    encode_batch,
)
from libs.common.contracts.ids import ConnectionId, PersonId, Seq
from services.gateway.consumers.inbox import EVENTS_PER_SLICE, SIGNAL_BYTES
from services.gateway.core.pressure import Level
from tests.support.clock import settle
from tests.unit.gateway.bringing import Rig
from tests.unit.gateway.fakes import (
    ATTIC,
    BOB,
    LOBBY,
    event,
)
from tests.unit.gateway.speaking import NOW, standing


@pytest.fixture
def rig() -> Rig:
    return Rig()


async def test_signals_wait_for_events(rig: Rig) -> None:
    typing = [
        Signal(LOBBY, "typing", PersonId(UUID(int=number)), b'{"type":"typing"}')
        for number in range(EVENTS_PER_SLICE)
    ]
    rig.deliver(SIGNAL_BATCH, encode_batch(typing))
    await asyncio.sleep(0)
    rig.deliver(SIGNAL_BATCH, encode_batch(typing))
    rig.deliver(EVENT_BATCH, encode_batch([event(1)]))
    await asyncio.sleep(0)

    assert 1 in rig.alice.heard()
    assert rig.inbox.waited_s(rig.clock.monotonic() + 2) == 2.0


async def test_too_many_signals_go_alone_and_rooms_are_told_who_is_there(rig: Rig) -> None:
    left = Signal(LOBBY, "presence", BOB.id, b"x" * (SIGNAL_BYTES + 1))
    working = asyncio.create_task(rig.relief.signals.run())

    rig.deliver(EVENT_BATCH, encode_batch([event(1)]))
    rig.deliver(SIGNAL_BATCH, encode_batch([left]))
    await rig.clock.advance(1)
    working.cancel()

    assert rig.alice.heard() == [1]
    assert rig.gaps.calls == 0
    assert rig.relief.unshown.rooms == {LOBBY}


async def test_under_pressure_no_signal_is_dealt_out(rig: Rig) -> None:
    rig.relief.pressure.level = Level.OVERLOADED
    shown = Signal(LOBBY, "presence", BOB.id, b'{"type":"presence"}')

    rig.deliver(SIGNAL_BATCH, encode_batch([shown]))
    rig.deliver(EVENT_BATCH, encode_batch([event(1)]))
    await settle()

    assert rig.alice.heard() == [1]
    left_out = rig.registry.get_sample_value("chat_gateway_left_out_total", {"what": "presence"})
    assert left_out == 1


async def test_what_waits_is_known(rig: Rig) -> None:
    body = encode_batch([event(1)])
    rig.deliver(EVENT_BATCH, body)

    assert rig.inbox.waiting_bytes == len(body)
    assert rig.inbox.waited_s(NOW + 3) == 3.0
    await settle()
    assert rig.inbox.waiting_bytes == 0


async def test_events_of_rooms_that_nobody_listens_to_reach_their_members(rig: Rig) -> None:
    rig.relief.unattended.begin(rig.bob, [standing(ATTIC, head_seq=Seq(0))])
    working = asyncio.create_task(rig.relief.unattended.run())
    rig.messages.log(ATTIC).add()

    rig.deliver(EVENT_BATCH, encode_batch([event(1, room_id=ATTIC)]))
    await rig.clock.advance(1)
    working.cancel()

    assert rig.bob.heard() == ["room_head"]


async def test_who_comes_into_a_room_hears_how_it_stands(rig: Rig) -> None:
    added = Personal(BOB.id, "room_added", b'{"type":"room_added"}', ATTIC)

    rig.deliver(PERSONAL_BATCH, encode_batch([added]))
    await settle()

    assert len(rig.relief.unattended) == 1


async def test_an_answer_says_that_its_owner_is_not_slow(rig: Rig) -> None:
    rig.relief.unanswered.add("m.1", (ConnectionId("c-1"), "r"), NOW)

    rig.deliver(ANSWER_BATCH, encode_batch([Answer(ConnectionId("c-1"), "r", b'{"type":"ack"}')]))
    await settle()

    assert len(rig.relief.unanswered) == 0
