"""What rooms are told of people, also when the bus is away for a while."""

import json
from typing import Any
from uuid import UUID

import pytest

from libs.common.bus.interface import Delivery, Outgoing, Refused
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import bucket_bindings
from libs.common.contracts.events import decode_signals
from libs.common.contracts.ids import PersonId, RoomId
from services.presence.consumers.telling import Telling
from services.presence.core import newest
from services.presence.model import Change, Shown
from tests.support.clock import SetClock

NOW = 1_700_000_000.0
ALICE = PersonId(UUID(int=1))
BOB = PersonId(UUID(int=2))
LOBBY = RoomId(UUID(int=11))
KITCHEN = RoomId(UUID(int=12))


class FlakyBus(LocalBus):
    is_away = False

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        if self.is_away:
            raise Refused
        await super().publish(message, timeout_s=timeout_s)


class Gateway:
    """Hears all signals, unless the bus is away."""

    def __init__(self) -> None:
        self.bus = FlakyBus(SetClock(NOW))
        self.deliveries: list[Delivery] = []

    async def open(self) -> None:
        await self.bus.open_inbox(
            "gateway", bucket_bindings("s", 1), self.deliveries.append, on_gap=lambda: None
        )

    def heard(self) -> list[tuple[RoomId, Any]]:
        """Return what was told since the last time: which room, and its state."""
        deliveries, self.deliveries[:] = list(self.deliveries), []
        return [
            (signal.room_id, json.loads(signal.frame)["data"]["state"])
            for delivery in deliveries
            for signal in decode_signals(delivery.body)
        ]


@pytest.fixture
async def gateway() -> Gateway:
    gateway = Gateway()
    await gateway.open()
    return gateway


@pytest.fixture
def telling(gateway: Gateway) -> Telling:
    return Telling(gateway.bus, event_buckets=1, timeout_s=1, clock=SetClock(NOW))


def change(
    shown: Shown, rev: int, *rooms: RoomId, person_id: PersonId = ALICE, last_seen: float = NOW
) -> Change:
    return Change(
        person_id, shown, last_seen if shown is Shown.OFFLINE else None, rev, frozenset(rooms)
    )


async def test_each_room_is_told(gateway: Gateway, telling: Telling) -> None:
    await telling.tell([change(Shown.AWAY, 1, LOBBY, KITCHEN)])

    assert sorted(gateway.heard()) == [(LOBBY, "away"), (KITCHEN, "away")]


async def test_what_the_bus_did_not_take_is_told_with_the_next(
    gateway: Gateway, telling: Telling
) -> None:
    gateway.bus.is_away = True
    await telling.tell([change(Shown.AWAY, 1, LOBBY)])
    await telling.tell([change(Shown.ONLINE, 1, LOBBY, person_id=BOB)])
    assert gateway.heard() == []

    gateway.bus.is_away = False
    await telling.tell([])
    assert sorted(gateway.heard()) == [(LOBBY, "away"), (LOBBY, "online")]

    await telling.tell([])
    assert gateway.heard() == []


async def test_only_the_newest_of_a_person_waits_for_the_bus(
    gateway: Gateway, telling: Telling
) -> None:
    gateway.bus.is_away = True
    await telling.tell([change(Shown.ONLINE, 1, LOBBY)])
    await telling.tell([change(Shown.OFFLINE, 2, KITCHEN)])

    gateway.bus.is_away = False
    await telling.tell([])

    assert sorted(gateway.heard()) == [(LOBBY, "offline"), (KITCHEN, "offline")]


def test_of_two_changes_the_higher_rev_counts_for_the_rooms_of_both() -> None:
    later, earlier = change(Shown.AWAY, 2, LOBBY), change(Shown.ONLINE, 1, KITCHEN)

    assert newest([later, earlier]) == [change(Shown.AWAY, 2, LOBBY, KITCHEN)]
    assert newest([earlier, later]) == [change(Shown.AWAY, 2, LOBBY, KITCHEN)]
