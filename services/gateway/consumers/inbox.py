"""What the bus brings: taken note of as it comes, worked through in slices.

Answers go first, so that a client hears of its own message by the ack before it hears of it as
news. A slice ends after so many events or outboxes, and outboxes are flushed in between: a burst
neither holds up the heartbeat nor fills an outbox by itself.

When more waits than the bus itself would keep, all events go and the heads are compared: what was
lost is read from the log.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

import msgspec
import structlog

from libs.common.bus.interface import Binding, Bus, Delivery, Inbox
from libs.common.bus.topology import EVENTS, FACTS, INBOX_BYTES, ROSTER_KEY, bucket_bindings
from libs.common.clock import Clock
from libs.common.contracts.events import (
    ANSWER_BATCH,
    EVENT_BATCH,
    HEAD_DIGEST,
    PERSONAL_BATCH,
    ROSTER_BATCH,
    SIGNAL_BATCH,
    Personal,
    RoomEvent,
    RoomHead,
    RosterStarted,
    Signal,
    decode_answers,
    decode_events,
    decode_heads,
    decode_personal,
    decode_rosters,
    decode_signals,
)
from libs.common.contracts.facts import FACT
from services.gateway.connection.tally import Tally
from services.gateway.consumers.facts import KEPT, Facts
from services.gateway.hub.hub import Hub
from services.gateway.hub.people import People

log = structlog.get_logger()

EVENTS_PER_SLICE: Final = 128
FRAMES_PER_SLICE: Final = 10_000
"""About 2 ms of work, and a quarter of an outbox."""

Item = list[RoomEvent] | Signal | Personal | RoomHead | RosterStarted
"""Events of one room that stand together in a batch go on together."""


def _runs(body: bytes) -> list[list[RoomEvent]]:
    runs = (list(run) for _, run in groupby(decode_events(body), key=attrgetter("room_id")))
    return [
        run[at : at + EVENTS_PER_SLICE]
        for run in runs
        for at in range(0, len(run), EVENTS_PER_SLICE)
    ]


READERS: Final[Mapping[str, Callable[[bytes], Sequence[Item]]]] = {
    EVENT_BATCH: _runs,
    SIGNAL_BATCH: decode_signals,
    PERSONAL_BATCH: decode_personal,
    HEAD_DIGEST: decode_heads,
    ROSTER_BATCH: decode_rosters,
}


class GatewayInbox:
    """This gateway's own queue. `on_gap` hears when something may have been missed, `on_roster`
    that presence asks for all leases.
    """

    def __init__(
        self,
        hub: Hub,
        people: People,
        facts: Facts,
        *,
        tally: Tally,
        on_gap: Callable[[], None],
        on_roster: Callable[[UUID], None],
        clock: Clock,
        max_waiting_bytes: int = INBOX_BYTES,
    ) -> None:
        self._hub = hub
        self._people = people
        self._facts = facts
        self._tally = tally
        self._on_gap = on_gap
        self._on_roster = on_roster
        self._clock = clock
        self._max_waiting_bytes = max_waiting_bytes
        self._inbox: Inbox | None = None
        self._urgent: deque[Delivery] = deque()
        self._waiting: deque[Delivery] = deque()
        self._waiting_bytes = 0
        self._items: deque[Item] = deque()
        self._is_called = False
        self._came_at = 0.0

    async def open(self, bus: Bus, *, gateway: str, event_buckets: int) -> None:
        """Begin to hear everything: with few gateways that is cheaper than to choose."""
        bindings = [
            *bucket_bindings("esuh", event_buckets),
            Binding(EVENTS, ROSTER_KEY),
            *(Binding(FACTS, key) for key in KEPT),
        ]
        self._inbox = await bus.open_inbox(
            gateway, bindings, self.on_delivery, on_gap=self._on_bus_gap
        )

    async def close(self) -> None:
        if self._inbox is not None:
            await self._inbox.close()

    def address(self) -> str:
        """Return where answers reach this gateway at the moment."""
        return self._inbox.address if self._inbox is not None else ""

    def _on_bus_gap(self) -> None:
        """Wait for no answer that the bus may have lost: a client asks again with the same id."""
        self._people.lose_answers()
        self._on_gap()

    def on_delivery(self, delivery: Delivery) -> None:
        """Take note of a delivery."""
        if delivery.type in (ANSWER_BATCH, FACT):
            self._urgent.append(delivery)
        else:
            self._waiting.append(delivery)
            self._waiting_bytes += len(delivery.body)
            if self._waiting_bytes > self._max_waiting_bytes:
                self._give_up()
        if not self._is_called:
            self._is_called = True
            self._came_at = self._clock.monotonic()
            asyncio.get_running_loop().call_soon(self._work)

    def _work(self) -> None:
        while self._urgent:
            self._read_urgent(self._urgent.popleft())
        frames = events = 0
        while frames < FRAMES_PER_SLICE and events < EVENTS_PER_SLICE and self._has_items():
            item = self._items.popleft()
            frames += self._pass_on(item)
            events += len(item) if isinstance(item, list) else 1
        self._tally.deliveries += frames
        self._is_called = bool(self._items or self._waiting)
        # What went into outboxes is written in this turn, before whatever is called now.
        after = self._work if self._is_called else self._note_flushed
        asyncio.get_running_loop().call_soon(after)

    def _note_flushed(self) -> None:
        self._tally.event_flushes.observe(self._clock.monotonic() - self._came_at)

    def _read_urgent(self, delivery: Delivery) -> None:
        try:
            if delivery.type == FACT:
                self._facts.on_fact(delivery)
            else:
                for answer in decode_answers(delivery.body):
                    self._people.answer(answer)
        except msgspec.DecodeError as fault:
            self._note_unreadable(delivery, fault)

    def _has_items(self) -> bool:
        """Tell whether there is an item, reading the next delivery if there must be one."""
        while not self._items and self._waiting:
            delivery = self._waiting.popleft()
            self._waiting_bytes -= len(delivery.body)
            try:
                self._items.extend(READERS[delivery.type](delivery.body))
            except (KeyError, msgspec.DecodeError) as fault:
                self._note_unreadable(delivery, fault)
        return bool(self._items)

    def _note_unreadable(self, delivery: Delivery, fault: Exception) -> None:
        """Drop it: an event that was in it is missed like a lost one, and read from the log."""
        log.error("delivery_unreadable", type=delivery.type, error=fault)
        self._tally.unreadable.inc()

    def _pass_on(self, item: Item) -> int:
        """Hand an item on; return how many frames went into outboxes."""
        match item:
            case list():
                return self._hub.on_events(item)
            case Signal():
                return self._hub.on_signal(item)
            case Personal():
                return self._people.tell(item)
            case RoomHead():
                self._hub.on_head(item)
            case RosterStarted(roster=roster):
                self._on_roster(roster)
        return 0

    def _give_up(self) -> None:
        log.warning("inbox_overflowed", count=len(self._waiting))
        self._waiting.clear()
        self._waiting_bytes = 0
        self._on_gap()
