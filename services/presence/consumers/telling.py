"""Tells rooms what is shown of people: a signal for each room that hears them.

A change is told until the bus has taken it, since nobody would ask again: a room that missed one
would show somebody wrong until they change once more. Of a person only the newest waits, so what
waits is bounded by the number of people.
"""

from collections import defaultdict
from collections.abc import Sequence

import structlog

from libs.common.bus.interface import Bus, Outgoing
from libs.common.bus.topology import EVENTS, bucket_key
from libs.common.clock import Clock
from libs.common.contracts.events import SIGNAL_BATCH, Signal, encode_batch
from libs.common.contracts.frames import Presence, PresenceShown
from libs.common.errors import Unavailable
from libs.common.times import rfc3339
from services.presence.core import newest
from services.presence.model import Change

log = structlog.get_logger()


class Telling:
    """Publishes presence signals; `timeout_s` is how long the bus may take for each batch."""

    def __init__(self, bus: Bus, *, event_buckets: int, timeout_s: float, clock: Clock) -> None:
        self._bus = bus
        self._event_buckets = event_buckets
        self._timeout_s = timeout_s
        self._clock = clock
        self._untold: list[Change] = []

    async def tell(self, changes: Sequence[Change]) -> None:
        """Tell the rooms of these and of what the bus did not take before."""
        told, self._untold = newest([*self._untold, *changes]), []
        try:
            await self._publish(told)
        except Unavailable:
            log.warning("presence_signals_held_back", count=len(told))
            self._untold = newest([*told, *self._untold])

    async def _publish(self, changes: Sequence[Change]) -> None:
        by_key: dict[str, list[Signal]] = defaultdict(list)
        for change in changes:
            frame = _frame(change, self._clock.now())
            for room_id in change.rooms:
                key = bucket_key("s", room_id, self._event_buckets)
                by_key[key].append(Signal(room_id, "presence", change.person_id, frame))
        for key, signals in by_key.items():
            message = Outgoing(EVENTS, key, SIGNAL_BATCH, encode_batch(signals))
            await self._bus.publish(message, timeout_s=self._timeout_s)


def _frame(change: Change, now: float) -> bytes:
    shown = PresenceShown(
        person_id=change.person_id,
        state=change.shown.value,
        last_seen=None if change.last_seen is None else rfc3339(change.last_seen),
        rev=change.rev,
    )
    return Presence(ts=rfc3339(now), data=shown).encode()
