"""Head digests and receipts: what is told every few seconds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from libs.common.bus.interface import Delivery, Outgoing, Refused
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import bucket_bindings
from libs.common.contracts.events import decode_heads, decode_signals
from libs.common.contracts.ids import RoomId, Seq
from services.messages.consumers.heads import Heads
from services.messages.consumers.receipts import Receipts
from services.messages.settings import MessagesSettings
from tests.support.clock import SetClock, settle
from tests.unit.messages.builders import ALICE, BOB, LOBBY

CELLAR = RoomId(UUID(int=12))


class Gateway:
    """Hears everything, unless the bus is away."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.bus = FlakyBus(self.clock)
        self.heard: list[Delivery] = []

    async def open(self) -> None:
        await self.bus.open_inbox(
            "gateway", bucket_bindings("sh", 1), self.heard.append, on_gap=lambda: None
        )

    def heads(self) -> list[dict[RoomId, int]]:
        return [{one.room_id: one.seq for one in decode_heads(each.body)} for each in self.heard]

    def receipts(self) -> list[list[bytes]]:
        return [[one.frame for one in decode_signals(each.body)] for each in self.heard]


class FlakyBus(LocalBus):
    is_away = False

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        if self.is_away:
            raise Refused
        await super().publish(message, timeout_s=timeout_s)


@asynccontextmanager
async def working(run: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(run())
    await settle()
    yield
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def opened() -> Gateway:
    gateway = Gateway()
    await gateway.open()
    return gateway


def heads(gateway: Gateway, **settings: Any) -> Heads:
    return Heads(gateway.bus, buckets=1, settings=MessagesSettings(**settings), clock=gateway.clock)


def receipts(gateway: Gateway, **settings: Any) -> Receipts:
    return Receipts(
        gateway.bus, buckets=1, settings=MessagesSettings(**settings), clock=gateway.clock
    )


async def test_rooms_written_to_lately_are_told_with_their_newest_head() -> None:
    gateway = await opened()
    told = heads(gateway)
    async with working(told.run):
        told.wrote(LOBBY, Seq(6))
        told.wrote(CELLAR, Seq(1))
        told.wrote(LOBBY, Seq(7))

        await gateway.clock.advance(5)

    assert gateway.heads() == [{CELLAR: 1, LOBBY: 7}]


async def test_a_room_is_told_twice_and_then_no_more() -> None:
    gateway = await opened()
    told = heads(gateway)
    async with working(told.run):
        told.wrote(LOBBY, Seq(6))

        await gateway.clock.advance(30)

    assert gateway.heads() == [{LOBBY: 6}, {LOBBY: 6}]


async def test_a_lost_digest_is_made_good_by_the_next() -> None:
    gateway = await opened()
    told = heads(gateway)
    async with working(told.run):
        told.wrote(LOBBY, Seq(6))
        gateway.bus.is_away = True
        await gateway.clock.advance(5)
        gateway.bus.is_away = False
        await gateway.clock.advance(5)

    assert gateway.heads() == [{LOBBY: 6}]


async def test_only_so_many_rooms_are_remembered() -> None:
    gateway = await opened()
    told = heads(gateway, heads_waiting=1)
    async with working(told.run):
        told.wrote(LOBBY, Seq(6))
        told.wrote(CELLAR, Seq(1))

        await gateway.clock.advance(5)

    assert gateway.heads() == [{CELLAR: 1}]


async def test_a_scrolling_reader_is_told_of_once_a_second() -> None:
    gateway = await opened()
    told = receipts(gateway)
    async with working(told.run):
        for seq in range(1, 50):
            told.moved([(LOBBY, BOB.id, Seq(seq))])
        await gateway.clock.advance(1)
        await gateway.clock.advance(10)

    [[frame]] = gateway.receipts()
    assert b'"read_seq":49' in frame


async def test_readers_and_rooms_are_told_of_apart() -> None:
    gateway = await opened()
    told = receipts(gateway)
    async with working(told.run):
        told.moved([(LOBBY, BOB.id, Seq(3)), (LOBBY, ALICE.id, Seq(4)), (CELLAR, BOB.id, Seq(1))])
        await gateway.clock.advance(1)

    assert [len(batch) for batch in gateway.receipts()] == [3]


async def test_a_lost_receipt_is_not_told_later() -> None:
    gateway = await opened()
    told = receipts(gateway)
    async with working(told.run):
        told.moved([(LOBBY, BOB.id, Seq(3))])
        gateway.bus.is_away = True
        await gateway.clock.advance(1)
        gateway.bus.is_away = False
        await gateway.clock.advance(5)

    assert gateway.receipts() == []


async def test_only_so_many_readers_are_remembered() -> None:
    gateway = await opened()
    told = receipts(gateway, receipts_waiting=1)
    async with working(told.run):
        told.moved([(LOBBY, ALICE.id, Seq(3)), (LOBBY, BOB.id, Seq(4))])
        await gateway.clock.advance(1)

    [[frame]] = gateway.receipts()
    assert str(BOB.id).encode() in frame
