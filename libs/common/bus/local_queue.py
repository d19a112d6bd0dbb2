"""One queue of the in-process bus and its consumers."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from libs.common.bus.interface import Delivery, OnDelivery, Outgoing, Queue, WhenFull
from libs.common.clock import Clock


@dataclass(slots=True)
class _Entry:
    message: Outgoing
    put_at: float
    settled: asyncio.Future[None] | None
    is_redelivered: bool = False


class LocalQueue:
    """Entries in order, and those who take them; the first consumer takes, the others stand by."""

    def __init__(
        self,
        spec: Queue,
        clock: Clock,
        *,
        ttl_s: float | None = None,
        on_loss: Callable[[], None] | None = None,
    ) -> None:
        self.spec = spec
        self._clock = clock
        self._ttl_s = ttl_s
        self._on_loss = on_loss
        self._entries: deque[_Entry] = deque()
        self._bytes = 0
        self._consumers: list[LocalConsumer] = []
        self._is_pumping = False

    def put(self, message: Outgoing, settled: asyncio.Future[None] | None = None) -> bool:
        """Append a message; return False when the queue is full and refuses."""
        while self._is_full_for(message):
            if self.spec.when_full is WhenFull.REFUSE or not self._entries:
                return False
            self._lose_oldest()
        self._entries.append(_Entry(message, self._clock.monotonic(), settled))
        self._bytes += len(message.body)
        self.pump_soon()
        return True

    def take(self) -> _Entry | None:
        """Take the oldest entry that is still worth something."""
        while self._entries:
            entry = self._entries.popleft()
            self._bytes -= len(entry.message.body)
            if self._ttl_s is None or self._clock.monotonic() - entry.put_at <= self._ttl_s:
                return entry
            self._tell_loss()
        return None

    def put_back(self, entries: list[_Entry]) -> None:
        """Put unsettled entries back where they came from, in their order."""
        for entry in reversed(entries):
            entry.is_redelivered = True
            self._entries.appendleft(entry)
            self._bytes += len(entry.message.body)

    def join(self, consumer: "LocalConsumer") -> None:
        self._consumers.append(consumer)
        self.pump_soon()

    def leave(self, consumer: "LocalConsumer") -> None:
        if consumer in self._consumers:
            self._consumers.remove(consumer)
        self.pump_soon()

    def pump_soon(self) -> None:
        """Deliver at the end of this turn of the loop, once however often it is asked for."""
        if not self._is_pumping:
            self._is_pumping = True
            asyncio.get_running_loop().call_soon(self._pump)

    def _pump(self) -> None:
        self._is_pumping = False
        while self._entries and (consumer := self._next_consumer()) is not None:
            entry = self.take()
            if entry is not None:
                consumer.deliver(entry)

    def _next_consumer(self) -> "LocalConsumer | None":
        candidates = self._consumers[:1] if self.spec.single_active else self._consumers
        for consumer in candidates:
            if consumer.has_room:
                if not self.spec.single_active:
                    self._consumers.remove(consumer)
                    self._consumers.append(consumer)
                return consumer
        return None

    def _is_full_for(self, message: Outgoing) -> bool:
        return (
            len(self._entries) >= self.spec.max_length
            or self._bytes + len(message.body) > self.spec.max_bytes
        )

    def _lose_oldest(self) -> None:
        lost = self._entries.popleft()
        self._bytes -= len(lost.message.body)
        self._tell_loss()

    def _tell_loss(self) -> None:
        if self._on_loss is not None:
            self._on_loss()


class LocalConsumer:
    """Hands entries of one queue to a callback and remembers which are not settled."""

    def __init__(self, queue: LocalQueue, on_delivery: OnDelivery, *, prefetch: int) -> None:
        self._queue = queue
        self._on_delivery = on_delivery
        self._prefetch = prefetch
        self._tag = 0
        self._unsettled: deque[tuple[int, _Entry]] = deque()
        queue.join(self)

    @property
    def has_room(self) -> bool:
        return len(self._unsettled) < self._prefetch

    def deliver(self, entry: _Entry) -> None:
        self._tag += 1
        self._unsettled.append((self._tag, entry))
        message = entry.message
        self._on_delivery(
            Delivery(
                message.key,
                message.type,
                message.body,
                self._tag,
                entry.is_redelivered,
                message.reason,
            )
        )

    def settle(self, delivery: Delivery) -> None:
        while self._unsettled and self._unsettled[0][0] <= delivery.tag:
            _, entry = self._unsettled.popleft()
            if entry.settled is not None and not entry.settled.done():
                entry.settled.set_result(None)
        self._queue.pump_soon()

    async def close(self) -> None:
        returned = [entry for _, entry in self._unsettled]
        self._unsettled.clear()
        self._queue.put_back(returned)
        self._queue.leave(self)
