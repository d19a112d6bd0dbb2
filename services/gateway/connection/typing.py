"""Tells the others in a room who is typing: signals, sent together once per turn, never twice."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from libs.common.bus.interface import Outgoing
from libs.common.bus.topology import EVENTS, bucket_key
from libs.common.clock import Clock
from libs.common.contracts.events import SIGNAL_BATCH, Signal, encode_batch
from libs.common.contracts.frames import Typing, TypingShown
from libs.common.contracts.ids import ConnectionId, RoomId
from libs.common.errors import Unavailable
from libs.common.times import rfc3339
from services.gateway.connection.client import Client
from services.gateway.core.effects import ShowTyping
from services.gateway.core.pressure import Pressure

log = structlog.get_logger()

MAX_WAITING: Final = 10_000
"""Signals that wait while the bus is slow; the newest are given up, nobody misses them."""

PUBLISH_TIMEOUT_S: Final = 2.0


class Publishing(Protocol):
    """The one end of the bus that is needed here."""

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        """Hand one message over.  Raises: Unavailable."""
        ...


class TypingSignals:
    """Publishes what was shown last of each connection and room; what cannot be sent is lost."""

    def __init__(
        self,
        bus: Publishing,
        *,
        pressure: Pressure,
        on_left_out: Callable[[str], None],
        event_buckets: int,
        expires_ms: int,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._pressure = pressure
        self._on_left_out = on_left_out
        self._event_buckets = event_buckets
        self._expires_ms = expires_ms
        self._clock = clock
        self._waiting: dict[tuple[RoomId, ConnectionId], Signal] = {}
        self._has_some = asyncio.Event()

    def show(self, client: Client, wanted: ShowTyping) -> None:
        """Tell that somebody types or stopped; a muted person is not shown.

        Under pressure nothing is told: what was shown ends by itself.
        """
        if self._pressure.leaves_out("typing"):
            self._on_left_out("typing")
            return
        place = client.session.duties.places.attached.get(wanted.room_id)
        now = self._clock.now()
        is_muted = place is not None and place.muted_until > now
        if len(self._waiting) >= MAX_WAITING or (is_muted and wanted.is_typing):
            return
        shown = TypingShown(
            person_id=client.person_id,
            is_typing=wanted.is_typing,
            expires_in_ms=self._expires_ms if wanted.is_typing else 0,
        )
        frame = Typing(ts=rfc3339(now), room_id=wanted.room_id, data=shown).encode()
        key = (wanted.room_id, client.connection_id)
        self._waiting[key] = Signal(
            wanted.room_id, "typing", client.person_id, frame, client.connection_id
        )
        self._has_some.set()

    async def run(self) -> None:
        """Publish what waits, for ever."""
        while True:
            await self._has_some.wait()
            self._has_some.clear()
            waiting, self._waiting = self._waiting, {}
            by_key: dict[str, list[Signal]] = defaultdict(list)
            for signal in waiting.values():
                by_key[bucket_key("s", signal.room_id, self._event_buckets)].append(signal)
            for key, signals in by_key.items():
                await self._publish(key, signals)

    async def _publish(self, key: str, signals: list[Signal]) -> None:
        message = Outgoing(EVENTS, key, SIGNAL_BATCH, encode_batch(signals))
        try:
            await self._bus.publish(message, timeout_s=PUBLISH_TIMEOUT_S)
        except Unavailable:
            log.info("typing_signals_lost", count=len(signals))
