"""Who is typing is told to the others: together, once, and not under pressure."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from libs.common.bus.interface import Outgoing, Refused
from libs.common.contracts.events import decode_signals
from libs.common.contracts.frames import Typing
from libs.common.contracts.ids import RoomId
from libs.common.times import rfc3339
from services.gateway.connection.typing import MAX_WAITING, TypingSignals
from services.gateway.core.effects import ShowTyping
from services.gateway.core.places import Place
from services.gateway.core.pressure import Level, Pressure
from tests.support.clock import SetClock, settle
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, LOBBY
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.pressed import pressure_of
from tests.unit.gateway.speaking import NOW, standing


class RecordingBus:
    """The one end of a bus that a signal needs; it takes messages unless it is full."""

    def __init__(self) -> None:
        self.messages: list[Outgoing] = []
        self.is_full = False

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        await asyncio.sleep(0)
        if self.is_full:
            raise Refused
        self.messages.append(message)


def typing_over(bus: RecordingBus, pressure: Pressure | None = None) -> TypingSignals:
    return TypingSignals(
        bus,
        pressure=pressure or pressure_of(Level.CALM),
        on_left_out=lambda _: None,
        event_buckets=4,
        expires_ms=6_000,
        clock=SetClock(NOW),
    )


@asynccontextmanager
async def typing(bus: RecordingBus) -> AsyncIterator[TypingSignals]:
    at = typing_over(bus)
    worker = asyncio.create_task(at.run())
    yield at
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def test_typing_is_a_signal_to_the_others() -> None:
    bus, alice = RecordingBus(), FakeClient()

    async with typing(bus) as at:
        at.show(alice, ShowTyping(LOBBY, is_typing=True))
        await settle()

    [message] = bus.messages
    [signal] = decode_signals(message.body)
    assert (signal.room_id, signal.person_id, signal.not_to) == (LOBBY, ALICE.id, "c-1")
    shown = Typing.model_validate_json(signal.frame)
    assert (shown.ts, shown.data.expires_in_ms) == (rfc3339(NOW), 6_000)


async def test_signals_of_one_turn_travel_together_and_only_the_last_counts() -> None:
    bus, alice, bob = RecordingBus(), FakeClient(), FakeClient(BOB, name="c-2")

    async with typing(bus) as at:
        at.show(alice, ShowTyping(LOBBY, is_typing=True))
        at.show(bob, ShowTyping(LOBBY, is_typing=True))
        at.show(alice, ShowTyping(LOBBY, is_typing=False))
        await settle()

    signals = [signal for message in bus.messages for signal in decode_signals(message.body)]
    shown = [Typing.model_validate_json(signal.frame).data for signal in signals]
    assert {(one.person_id, one.is_typing) for one in shown} == {(ALICE.id, False), (BOB.id, True)}
    assert len(bus.messages) == 1


async def test_a_muted_person_is_not_shown() -> None:
    bus, alice = RecordingBus(), FakeClient()
    muted = Place.of(standing(muted_until=NOW + 60))
    alice.session.duties.places.joined(LOBBY, muted)

    async with typing(bus) as at:
        at.show(alice, ShowTyping(LOBBY, is_typing=True))
        await settle()

    assert bus.messages == []


async def test_typing_that_cannot_be_sent_is_lost() -> None:
    bus, alice = RecordingBus(), FakeClient()

    async with typing(bus) as at:
        bus.is_full = True
        at.show(alice, ShowTyping(LOBBY, is_typing=True))
        await settle()
        bus.is_full = False
        at.show(alice, ShowTyping(ATTIC, is_typing=True))
        await settle()

    [message] = bus.messages
    assert [signal.room_id for signal in decode_signals(message.body)] == [ATTIC]


async def test_under_pressure_typing_is_not_told() -> None:
    bus = RecordingBus()
    at = typing_over(bus, pressure_of(Level.BUSY))
    worker = asyncio.create_task(at.run())

    at.show(FakeClient(), ShowTyping(LOBBY, is_typing=True))
    await settle()
    worker.cancel()

    assert bus.messages == []


async def test_only_so_much_typing_waits() -> None:
    bus = RecordingBus()
    at = typing_over(bus)
    alice = FakeClient()

    for number in range(MAX_WAITING + 10):
        at.show(alice, ShowTyping(RoomId(UUID(int=number)), is_typing=True))
    worker = asyncio.create_task(at.run())
    await settle()
    worker.cancel()

    assert sum(len(decode_signals(message.body)) for message in bus.messages) == MAX_WAITING
