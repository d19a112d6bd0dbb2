"""Read cursors on their way to the others: of each person in each room the newest, now and then."""

from collections import OrderedDict
from collections.abc import Iterable

import structlog

from libs.common.bus.interface import Bus
from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.errors import Unavailable
from services.messages.consumers.outbound import Outbound, publish
from services.messages.core.frames import receipt
from services.messages.settings import MessagesSettings

log = structlog.get_logger()


class Receipts:
    """Holds back what was read and tells it every `receipt_interval_s`.

    So however fast somebody scrolls, the others hear of it once in that time.
    """

    def __init__(self, bus: Bus, *, buckets: int, settings: MessagesSettings, clock: Clock) -> None:
        self._bus = bus
        self._buckets = buckets
        self._settings = settings
        self._clock = clock
        self._waiting: OrderedDict[tuple[RoomId, PersonId], Seq] = OrderedDict()

    def moved(self, reads: Iterable[tuple[RoomId, PersonId, Seq]]) -> None:
        """Take note of cursors that moved forward."""
        for room_id, person_id, seq in reads:
            self._waiting[room_id, person_id] = seq
            if len(self._waiting) > self._settings.receipts_waiting:
                self._waiting.popitem(last=False)

    async def run(self) -> None:
        """Tell until cancelled; a receipt that is lost is made good by the person's next one."""
        while True:
            await self._clock.sleep(self._settings.receipt_interval_s)
            try:
                await self._publish()
            except Unavailable as reason:
                log.warning("receipts_lost", reason=type(reason).__name__)

    async def _publish(self) -> None:
        waiting, self._waiting = self._waiting, OrderedDict()
        outbound = Outbound(buckets=self._buckets, max_bytes=self._settings.publish_bytes)
        now = self._clock.now()
        for (room_id, person_id), seq in waiting.items():
            outbound.signal(receipt(room_id, person_id, seq, now=now))
        await publish(self._bus, outbound, timeout_s=self._settings.publish_timeout_s)
