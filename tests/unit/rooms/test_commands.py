"""Rows of the outbox become commands on the shards of their rooms, or facts for everybody."""

import asyncio
from uuid import UUID

import pytest

from libs.common.bus.interface import Binding, Delivery, Outgoing, Unconfirmed, Unroutable
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import FACTS, room_commands, shard_of
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    ProjectMember,
    decode_commands,
    encode_commands,
    kind_of,
    write_payload,
)
from libs.common.contracts.facts import (
    BLOCK_CHANGED,
    BlockChanged,
    Fact,
    decode_fact,
    encode_fact,
)
from libs.common.contracts.ids import CommandId, ConnectionId, PersonId
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.errors import TimedOut
from libs.common.outbox import OutboxRow
from services.rooms.consumers.rooms import RoomNews
from tests.support.clock import SetClock

SHARDS = 2
ALICE = Person(PersonKind.USER, PersonId(UUID(int=1, version=4)), "Alice")
EVEN, ODD = (
    next(room for room in map(UUID, (f"{n:032x}" for n in range(99))) if shard_of(room, 2) == shard)
    for shard in range(SHARDS)
)

BOB = PersonId(UUID(int=2, version=4))
BLOCKS = [(1, True), (2, False), (3, True)]


class DeafBus(LocalBus):
    """Takes nothing, ever."""

    def __init__(self) -> None:
        super().__init__(SetClock())

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        await asyncio.Event().wait()


def row(room_id: UUID, version: int) -> OutboxRow:
    payload = ProjectMember(version=version, person=ALICE, role=RoomRole.MEMBER)
    command = Command(
        kind=kind_of(payload),
        subject=room_id,
        actor=ALICE,
        command_id=CommandId(f"{room_id}:{version}"),
        ref=None,
        origin="",
        connection=ConnectionId(""),
        request_id="",
        traceparent="",
        deadline=0.0,
        payload=write_payload(payload),
    )
    return OutboxRow(str(room_id), COMMAND_BATCH, encode_commands([command]))


def publisher(bus: LocalBus, *, timeout_s: float = 5.0) -> RoomNews:
    return RoomNews(bus, shards=SHARDS, timeout_s=timeout_s)


async def listen(bus: LocalBus, shard: int, *, settles: bool = True) -> list[list[str]]:
    """Return what arrives on a shard: a list of command ids for each message."""
    arrived: list[list[str]] = []

    def on_delivery(delivery: Delivery) -> None:
        arrived.append([one.command_id[-1] for one in decode_commands(delivery.body)])
        if settles:
            consumer.settle(delivery)

    consumer = await bus.consume(room_commands(shard), on_delivery, prefetch=10)
    return arrived


async def test_rows_of_a_shard_leave_in_one_message_and_in_order() -> None:
    bus = LocalBus(SetClock())
    arrived = [await listen(bus, shard) for shard in range(SHARDS)]

    await publisher(bus).publish([row(EVEN, 1), row(ODD, 7), row(EVEN, 2)])

    assert arrived == [[["1", "2"]], [["7"]]]


async def test_a_shard_that_nobody_serves_is_told_while_others_get_theirs() -> None:
    bus = LocalBus(SetClock())
    arrived = await listen(bus, 1)

    with pytest.raises(Unroutable):
        await publisher(bus).publish([row(EVEN, 1), row(ODD, 7)])

    assert arrived == [["7"]]


async def test_what_was_not_obeyed_in_time_counts_as_not_sent() -> None:
    bus = LocalBus(SetClock())
    await listen(bus, 0, settles=False)

    with pytest.raises(Unconfirmed):
        await publisher(bus, timeout_s=0.01).publish([row(EVEN, 1)])


async def test_facts_leave_in_their_order_beside_commands() -> None:
    bus = LocalBus(SetClock())
    heard: list[Fact] = []
    arrived = await listen(bus, 0)
    await bus.open_inbox(
        "listener",
        (Binding(FACTS, BLOCK_CHANGED),),
        lambda delivery: heard.append(decode_fact(delivery.key, delivery.body)),
        on_gap=lambda: None,
    )
    facts = [BlockChanged(ALICE.id, BOB, is_blocked, version) for version, is_blocked in BLOCKS]

    await publisher(bus).publish(
        [
            row(EVEN, 1),
            *(OutboxRow(str(ALICE.id), BLOCK_CHANGED, encode_fact(one)) for one in facts),
        ]
    )

    assert (arrived, heard) == ([["1"]], facts)


async def test_facts_that_the_bus_does_not_take_in_time_count_as_not_sent() -> None:
    fact = OutboxRow(str(ALICE.id), BLOCK_CHANGED, b"")

    with pytest.raises(TimedOut):
        await RoomNews(DeafBus(), shards=SHARDS, timeout_s=0.01).publish([fact])
