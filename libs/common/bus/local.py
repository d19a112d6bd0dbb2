"""The in-process bus of the embedded shape: the broker's semantics without the broker.

Queues, settling, redelivery and bounds are the broker's; what it cannot promise is to outlive its
process. So a message that `must_survive` keeps its publisher waiting until every consumer has
settled it: until then the publisher's own outbox still holds it.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count

from libs.common.bus.interface import (
    Binding,
    Consumer,
    Delivery,
    ExchangeKind,
    Inbox,
    OnDelivery,
    OnLost,
    Outgoing,
    Queue,
    Refused,
    Unconfirmed,
    Unroutable,
    WhenFull,
)
from libs.common.bus.local_queue import LocalConsumer, LocalQueue
from libs.common.bus.topology import INBOX_BYTES, INBOX_LENGTH, INBOX_TTL_S, REPLY
from libs.common.clock import Clock

UNLIMITED = 1 << 31
"""Prefetch of an inbox: it settles nothing, it is handed everything."""


class LocalBus:
    """Carries messages between the services of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queues: dict[str, LocalQueue] = {}
        self._bindings: dict[tuple[str, str], list[LocalQueue]] = {}
        self._patterns: list[tuple[str, list[str], LocalQueue]] = []
        self._inbox_numbers = count(1)

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        queues = self._route(message)
        if not queues and message.is_mandatory:
            raise Unroutable
        if message.must_survive:
            await self._publish_and_wait(message, queues, timeout_s)
        else:
            taken = [queue.put(message) for queue in queues]
            if not all(taken):
                raise Refused
        # The broker's confirm takes a while in which others run; without this a publisher in a
        # loop would starve its own consumers.
        await asyncio.sleep(0)

    async def declare(self, queue: Queue) -> None:
        self._declared(queue)

    async def consume(
        self,
        queue: Queue,
        on_delivery: OnDelivery,
        *,
        prefetch: int,
        on_lost: OnLost | None = None,
    ) -> Consumer:
        return LocalConsumer(self._declared(queue), on_delivery, prefetch=prefetch)

    async def open_inbox(
        self,
        instance: str,
        bindings: Sequence[Binding],
        on_delivery: OnDelivery,
        *,
        on_gap: Callable[[], None],
    ) -> Inbox:
        address = f"{instance}.{next(self._inbox_numbers)}"
        spec = Queue(
            name=address,
            bindings=(Binding(REPLY, address), *bindings),
            max_length=INBOX_LENGTH,
            max_bytes=INBOX_BYTES,
            when_full=WhenFull.DROP_OLDEST,
        )
        queue = self._bind(LocalQueue(spec, self._clock, ttl_s=INBOX_TTL_S, on_loss=on_gap))
        return LocalInbox(self, queue, on_delivery)

    async def is_ready(self) -> bool:
        return True

    async def close(self) -> None:
        """Forget everything; consumers hear nothing more."""
        self._queues.clear()
        self._bindings.clear()
        self._patterns.clear()

    def forget(self, queue: LocalQueue) -> None:
        """Take an inbox off the exchanges."""
        del self._queues[queue.spec.name]
        for bound in self._bindings.values():
            if queue in bound:
                bound.remove(queue)
        self._patterns = [entry for entry in self._patterns if entry[2] is not queue]

    async def _publish_and_wait(
        self, message: Outgoing, queues: Sequence[LocalQueue], timeout_s: float
    ) -> None:
        waits: list[asyncio.Future[None]] = []
        for queue in queues:
            settled = asyncio.get_running_loop().create_future()
            if not queue.put(message, settled):
                raise Refused
            waits.append(settled)
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.gather(*waits)
        except TimeoutError:
            raise Unconfirmed from None

    def _route(self, message: Outgoing) -> list[LocalQueue]:
        if message.exchange.kind is ExchangeKind.DIRECT:
            return self._bindings.get((message.exchange.name, message.key), [])
        words = message.key.split(".")
        return [
            queue
            for exchange, pattern, queue in self._patterns
            if exchange == message.exchange.name and _matches(pattern, words)
        ]

    def _declared(self, spec: Queue) -> LocalQueue:
        queue = self._queues.get(spec.name)
        return queue or self._bind(LocalQueue(spec, self._clock))

    def _bind(self, queue: LocalQueue) -> LocalQueue:
        self._queues[queue.spec.name] = queue
        for binding in queue.spec.bindings:
            if binding.exchange.kind is ExchangeKind.DIRECT:
                key = (binding.exchange.name, binding.key)
                self._bindings.setdefault(key, []).append(queue)
            else:
                self._patterns.append((binding.exchange.name, binding.key.split("."), queue))
        return queue


class LocalInbox:
    """One instance's own queue; it is handed everything and settles at once."""

    def __init__(self, bus: LocalBus, queue: LocalQueue, on_delivery: OnDelivery) -> None:
        self._bus = bus
        self._queue = queue
        self._on_delivery = on_delivery
        self._consumer = LocalConsumer(queue, self._take, prefetch=UNLIMITED)

    @property
    def address(self) -> str:
        return self._queue.spec.name

    async def close(self) -> None:
        self._bus.forget(self._queue)
        await self._consumer.close()

    def _take(self, delivery: Delivery) -> None:
        self._consumer.settle(delivery)
        self._on_delivery(delivery)


def _matches(pattern: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether a topic pattern fits: `*` is one word, `#` any number of words."""
    if not pattern:
        return not words
    first, rest = pattern[0], pattern[1:]
    if first == "#":
        return any(_matches(rest, words[skipped:]) for skipped in range(len(words) + 1))
    return bool(words) and first in ("*", words[0]) and _matches(rest, words[1:])
