"""What the bus brings: taken note of as it comes, worked through in slices.

Answers go first, so that a client hears of its own message by the ack before it hears of it as
news. Signals go last: nobody waits for them as for a message, and there may be many more of them. A
slice ends after so many events or outboxes, and outboxes are flushed in between: a burst neither
holds up the heartbeat nor fills an outbox by itself.

When more waits than the bus itself would keep, all events go and the heads are compared: what was
lost is read from the log. When too many signals wait they go, and rooms are told anew who is there.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
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
from services.gateway.connection.relief import Relief
from services.gateway.connection.tally import Tally
from services.gateway.consumers.facts import KEPT, Facts
from services.gateway.consumers.lane import Lane
from services.gateway.hub.hub import Hub
from services.gateway.hub.people import People

log = structlog.get_logger()

EVENTS_PER_SLICE: Final = 128
FRAMES_PER_SLICE: Final = 10_000
"""About 2 ms of work, and a quarter of an outbox."""

Item = list[RoomEvent] | Personal | RoomHead | RosterStarted
"""Events of one room that stand together in a batch go on together."""


def _runs(body: bytes) -> list[list[RoomEvent]]:
    runs = (list(run) for _, run in groupby(decode_events(body), key=attrgetter("room_id")))
    return [
        run[at : at + EVENTS_PER_SLICE]
        for run in runs
        for at in range(0, len(run), EVENTS_PER_SLICE)
    ]


READERS: Final[dict[str, Callable[[bytes], Sequence[Item]]]] = {
    EVENT_BATCH: _runs,
    PERSONAL_BATCH: decode_personal,
    HEAD_DIGEST: decode_heads,
    ROSTER_BATCH: decode_rosters,
}
SIGNAL_READERS: Final[dict[str, Callable[[bytes], Sequence[Signal]]]] = {
    SIGNAL_BATCH: decode_signals
}

SIGNAL_BYTES: Final = INBOX_BYTES // 4


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
        relief: Relief,
        tally: Tally,
        on_gap: Callable[[], None],
        on_roster: Callable[[UUID], None],
        clock: Clock,
        max_waiting_bytes: int = INBOX_BYTES,
    ) -> None:
        self._hub = hub
        self._people = people
        self._facts = facts
        self._relief = relief
        self._tally = tally
        self._on_gap = on_gap
        self._on_roster = on_roster
        self._clock = clock
        self._inbox: Inbox | None = None
        self._urgent: deque[Delivery] = deque()
        self._items = Lane[Item](
            READERS, max_bytes=max_waiting_bytes, on_unreadable=self._note_unreadable
        )
        self._signals = Lane[Signal](
            SIGNAL_READERS, max_bytes=SIGNAL_BYTES, on_unreadable=self._note_unreadable
        )
        self._is_called = False
        self._came_at = 0.0

    @property
    def waiting_bytes(self) -> int:
        """Return how much was brought and not passed on yet."""
        return self._items.waiting_bytes + self._signals.waiting_bytes

    def waited_s(self, now: float) -> float:
        """Return how long the oldest of it has waited."""
        return max(self._items.waited_s(now), self._signals.waited_s(now))

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
        self._relief.unanswered.clear()
        self._people.lose_answers()
        self._on_gap()

    def on_delivery(self, delivery: Delivery) -> None:
        """Take note of a delivery."""
        now = self._clock.monotonic()
        if delivery.type in (ANSWER_BATCH, FACT):
            self._urgent.append(delivery)
        elif delivery.type == SIGNAL_BATCH:
            self._signals.add(delivery, now)
            if self._signals.is_over:
                self._give_up_signals()
        else:
            self._items.add(delivery, now)
            if self._items.is_over:
                self._give_up()
        if not self._is_called:
            self._is_called = True
            self._came_at = now
            asyncio.get_running_loop().call_soon(self._work)

    def _work(self) -> None:
        while self._urgent:
            self._read_urgent(self._urgent.popleft())
        frames = count = 0
        while frames < FRAMES_PER_SLICE and count < EVENTS_PER_SLICE:
            if (item := self._items.next()) is not None:
                frames += self._pass_on(item)
                count += len(item) if isinstance(item, list) else 1
            elif (signal := self._signals.next()) is not None:
                frames += self._relief.signals.pass_on(signal)
                count += 1
            else:
                break
        self._tally.deliveries += frames
        self._is_called = bool(self._items or self._signals)
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
                    self._relief.unanswered.answered((answer.connection, answer.ref))
                    self._people.answer(answer)
        except msgspec.DecodeError as fault:
            self._note_unreadable(delivery, fault)

    def _note_unreadable(self, delivery: Delivery, fault: Exception) -> None:
        """Drop it: an event that was in it is missed like a lost one, and read from the log."""
        log.error("delivery_unreadable", type=delivery.type, error=fault)
        self._tally.unreadable.inc()

    def _pass_on(self, item: Item) -> int:
        """Hand an item on; return how many frames went into outboxes."""
        unattended = self._relief.unattended
        match item:
            case list():
                unattended.on_head(item[-1])
                return self._hub.on_events(item)
            case Personal():
                unattended.on_moved(item, self._people.of_person(item.person_id))
                return self._people.tell(item)
            case RoomHead():
                unattended.on_head(item)
                self._hub.on_head(item)
            case RosterStarted(roster=roster):
                self._on_roster(roster)
        return 0

    def _give_up(self) -> None:
        log.warning("inbox_overflowed", count=self._items.clear())
        self._on_gap()

    def _give_up_signals(self) -> None:
        log.warning("signals_overflowed", count=self._signals.clear())
        self._relief.signals.lost(self._hub.room_ids)
