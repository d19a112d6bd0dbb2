"""Presence without a database or a wire: commands in, and what gateways hear of it."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from libs.common.bus.interface import Binding, Delivery, Outgoing, Refused
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import EVENTS, ROSTER_KEY, bucket_bindings
from libs.common.contracts.commands import LeaseChange, ReportLease
from libs.common.contracts.events import ROSTER_BATCH, decode_rosters, decode_signals
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId
from services.presence.consumers.leases import Leases
from services.presence.consumers.telling import Telling
from services.presence.core.learning import Learning
from services.presence.core.news import News, Windows
from services.presence.core.roster import Roster
from services.presence.model import Change, Choice, Chosen
from services.presence.settings import PresenceSettings
from tests.support.clock import SetClock, settle

ALICE = PersonId(UUID(int=1))
BOB = PersonId(UUID(int=2))
LOBBY = RoomId(UUID(int=11))
KITCHEN = RoomId(UUID(int=12))
ROSTER = UUID(int=99)

SETTINGS = PresenceSettings()
WINDOWS = Windows(small_s=1.0, large_s=5.0, small_people=50, named_people=1_000)


class FlakyBus(LocalBus):
    """A bus that can be away."""

    is_away = False

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        if self.is_away:
            raise Refused
        await super().publish(message, timeout_s=timeout_s)

    async def is_ready(self) -> bool:
        return not self.is_away


class House:
    """A roster, those who tell of it, and a gateway that hears everything."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.bus = FlakyBus(self.clock)
        self.deliveries: list[Delivery] = []
        self.backlog = 0
        self.roster = Roster(lease_s=SETTINGS.lease_s, close_grace_s=SETTINGS.close_grace_s)
        self.learning = Learning(
            ROSTER, shards=1, lease_s=SETTINGS.lease_s, settle_s=SETTINGS.settle_s
        )
        self.telling = Telling(
            self.bus,
            News(WINDOWS, shown_per_s=SETTINGS.shown_per_s),
            self.roster,
            settings=SETTINGS,
            event_buckets=1,
            clock=self.clock,
        )
        self.leases = Leases(
            self.bus,
            self.roster,
            self.learning,
            tell=self.telling.tell,
            backlog=lambda: self.backlog,
            telling=self.telling,
            settings=SETTINGS,
            clock=self.clock,
        )

    async def open(self) -> None:
        bindings = [*bucket_bindings("s", 1), Binding(EVENTS, ROSTER_KEY)]
        await self.bus.open_inbox("gateway", bindings, self.deliveries.append, on_gap=lambda: None)

    def is_whole(self) -> bool:
        return self.roster.is_whole

    async def report(
        self,
        person_id: PersonId,
        change: LeaseChange,
        *rooms: RoomId,
        device: str = "phone",
        gateway: str = "gw.1",
    ) -> None:
        """Report a connection, as a gateway does."""
        lease = ReportLease(change, ConnectionId(f"{person_id}-{device}"), gateway, rooms)
        self.learning.heard(gateway)
        await self.tell(self.roster.report(person_id, lease, self.clock.now(), late_s=0))

    async def choose(
        self, person_id: PersonId, chosen: Chosen, status_text: str | None = None
    ) -> None:
        choice = Choice(person_id, chosen, status_text)
        await self.tell(self.roster.choose(choice, self.clock.now()))

    async def tell(self, changes: Sequence[Change]) -> None:
        await self.telling.tell(changes)
        await settle()

    def rosters(self) -> int:
        """Return how often the gateways were asked for all leases; all else is forgotten."""
        asked = [one for one in self._take() if one.type == ROSTER_BATCH]
        assert all(decode_rosters(one.body)[0].roster == ROSTER for one in asked)
        return len(asked)

    def frames(self) -> list[tuple[RoomId, Any]]:
        """Return what was told since the last time: which room, and the frame."""
        return [
            (signal.room_id, json.loads(signal.frame))
            for delivery in self._take()
            if delivery.type != ROSTER_BATCH
            for signal in decode_signals(delivery.body)
        ]

    def states(self) -> list[tuple[RoomId, str]]:
        """Return what rooms were told of single people since the last time."""
        return [(room_id, frame["data"]["state"]) for room_id, frame in self.frames()]

    def _take(self) -> list[Delivery]:
        deliveries, self.deliveries[:] = list(self.deliveries), []
        return deliveries
