"""What becomes of signals under pressure, and that everybody is right in the end."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.events import Signal, SignalKind
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person
from services.gateway.core.outbox import Outbox
from services.gateway.core.pressure import Level
from services.gateway.hub.joining import Allowance
from services.gateway.hub.signals import LOOK_S, MAX_RECEIPTS, Signals
from tests.support.clock import settle
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, LOBBY
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import standing
from tests.unit.gateway.staging import Stage, stage_with

HELD_S = 5.0
RETRY_S = 2.0


def signal(kind: SignalKind, person: Person = BOB, *, text: str = "") -> Signal:
    frame = f'{{"type":"{kind}","data":"{text}"}}'
    return Signal(LOBBY, kind, person.id, frame.encode())


class Rig:
    """Alice listens to the lobby."""

    def __init__(self, **knobs: Any) -> None:
        self.stage: Stage = stage_with(receipts_held_s=HELD_S, online_retry_s=RETRY_S, **knobs)
        self.signals: Signals = self.stage.relief.signals
        self.alice = FakeClient()
        self.alice.outbox = Outbox(
            max_frames=9, max_bytes=1 << 24, max_states=MAX_RECEIPTS, on_wanted=lambda: None
        )
        self.listen(LOBBY)
        self.alice.frames()

    def listen(self, room_id: RoomId) -> None:
        joining = self.stage.hub.expect(self.alice, room_id, Allowance())
        self.stage.hub.meet(joining, standing(room_id))
        self.stage.hub.go_live(self.alice, room_id, joining)

    @contextmanager
    def pressed(self, level: Level = Level.OVERLOADED) -> Iterator[None]:
        self.stage.relief.pressure.level = level
        yield
        self.stage.relief.pressure.level = Level.CALM

    async def pass_time(self, seconds: float) -> None:
        await self.stage.clock.advance(seconds)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig()
    relief = rig.stage.relief
    working = [asyncio.create_task(run()) for run in (relief.signals.run, relief.unshown.run)]
    await settle()
    yield rig
    for one in working:
        one.cancel()
    await asyncio.gather(*working, return_exceptions=True)


async def test_in_calm_all_signals_are_passed_on(rig: Rig) -> None:
    kinds: tuple[SignalKind, ...] = ("presence", "receipt", "typing")

    assert [rig.signals.pass_on(signal(kind)) for kind in kinds] == [1, 1, 1]
    assert rig.alice.heard() == list(kinds)


async def test_a_busy_gateway_leaves_typing_out(rig: Rig) -> None:
    with rig.pressed(Level.BUSY):
        for kind in ("presence", "receipt", "typing"):
            rig.signals.pass_on(signal(kind))

    assert rig.alice.heard() == ["presence", "receipt"]


async def test_rooms_are_told_anew_who_is_there_when_presence_was_left_out(rig: Rig) -> None:
    with rig.pressed():
        assert rig.signals.pass_on(signal("presence")) == 0
        await rig.pass_time(60)
        assert rig.stage.presence.shown == []

    await rig.pass_time(LOOK_S + RETRY_S)

    assert rig.alice.heard() == []
    assert rig.stage.presence.shown == [[LOBBY]]


async def test_a_room_that_nobody_hears_is_not_told(rig: Rig) -> None:
    with rig.pressed():
        rig.signals.lost([ATTIC])

    await rig.pass_time(60)

    assert rig.stage.presence.shown == []


async def test_not_all_rooms_are_told_at_once() -> None:
    rig = Rig(rooms_retold_per_s=1 / LOOK_S)
    rig.listen(ATTIC)
    rig.signals.lost([LOBBY, ATTIC])
    working = asyncio.create_task(rig.signals.run())

    await rig.pass_time(LOOK_S)
    assert rig.stage.relief.unshown.rooms == {LOBBY}
    await rig.pass_time(LOOK_S)
    assert rig.stage.relief.unshown.rooms == {LOBBY, ATTIC}
    working.cancel()


async def test_of_receipts_the_newest_comes_now_and_then(rig: Rig) -> None:
    with rig.pressed():
        await rig.pass_time(LOOK_S)
        for text in ("old", "new"):
            rig.signals.pass_on(signal("receipt", text=text))
        rig.signals.pass_on(signal("receipt", ALICE, text="hers"))
        await rig.pass_time(HELD_S / 2)
        assert rig.alice.frames() == []

        await rig.pass_time(HELD_S)

        assert [frame["data"] for frame in rig.alice.frames()] == ["new", "hers"]


async def test_receipts_that_were_kept_come_when_it_is_over(rig: Rig) -> None:
    with rig.pressed():
        await rig.pass_time(LOOK_S)
        rig.signals.pass_on(signal("receipt"))

    await rig.pass_time(LOOK_S)

    assert rig.alice.heard() == ["receipt"]


async def test_an_older_receipt_does_not_come_behind_a_newer_one(rig: Rig) -> None:
    with rig.pressed():
        await rig.pass_time(LOOK_S)
        rig.signals.pass_on(signal("receipt", text="old"))
    rig.signals.pass_on(signal("receipt", text="new"))

    await rig.pass_time(60)

    assert [frame["data"] for frame in rig.alice.frames()] == ["new"]


def receipts(number: int) -> list[Signal]:
    """Return one of each of so many people."""
    people = [PersonId(UUID(int=one)) for one in range(1, number + 1)]
    return [Signal(LOBBY, "receipt", one, b'{"type":"receipt"}') for one in people]


async def test_only_so_many_receipts_are_kept(rig: Rig) -> None:
    with rig.pressed():
        sent = [rig.signals.pass_on(one) for one in receipts(MAX_RECEIPTS + 2)]

    assert sum(sent) == 2
    assert rig.alice.heard() == ["receipt"] * 2


async def test_many_receipts_are_passed_on_in_slices(rig: Rig) -> None:
    with rig.pressed():
        await rig.pass_time(LOOK_S)
        for one in receipts(MAX_RECEIPTS):
            rig.signals.pass_on(one)

    await rig.pass_time(LOOK_S)

    assert len(rig.alice.outbox) == MAX_RECEIPTS
