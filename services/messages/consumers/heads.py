"""Head digests: how far the rooms go that were written to a moment ago.

A gap shows itself by the next event; only a lost last event shows nothing. So gateways are told
every few seconds how far they should have heard.
"""

from collections import OrderedDict

import structlog

from libs.common.bus.interface import Bus
from libs.common.clock import Clock
from libs.common.contracts.events import RoomHead
from libs.common.contracts.ids import RoomId, Seq
from libs.common.errors import Unavailable
from services.messages.consumers.outbound import Outbound, publish
from services.messages.settings import MessagesSettings

log = structlog.get_logger()


class Heads:
    """Remembers rooms for `head_window_s` after an entry, at most `heads_waiting` of them."""

    def __init__(self, bus: Bus, *, buckets: int, settings: MessagesSettings, clock: Clock) -> None:
        self._bus = bus
        self._buckets = buckets
        self._settings = settings
        self._clock = clock
        self._written: OrderedDict[RoomId, tuple[Seq, float]] = OrderedDict()

    def wrote(self, room_id: RoomId, head_seq: Seq) -> None:
        """Take note of a room's new head."""
        self._written[room_id] = (head_seq, self._clock.monotonic())
        self._written.move_to_end(room_id)
        if len(self._written) > self._settings.heads_waiting:
            self._written.popitem(last=False)

    async def run(self) -> None:
        """Publish digests until cancelled; one that is lost is made good by the next."""
        while True:
            await self._clock.sleep(self._settings.head_interval_s)
            self._forget_old()
            try:
                await self._publish()
            except Unavailable as reason:
                log.warning("head_digest_lost", reason=type(reason).__name__)

    def _forget_old(self) -> None:
        since = self._clock.monotonic() - self._settings.head_window_s
        while self._written:
            room_id, (_, at) = next(iter(self._written.items()))
            if at >= since:
                return
            del self._written[room_id]

    async def _publish(self) -> None:
        outbound = Outbound(buckets=self._buckets, max_bytes=self._settings.publish_bytes)
        for room_id, (head_seq, _) in self._written.items():
            outbound.head(RoomHead(room_id, head_seq))
        await publish(self._bus, outbound, timeout_s=self._settings.publish_timeout_s)
