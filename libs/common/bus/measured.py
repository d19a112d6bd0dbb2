"""What a bus takes and brings, in numbers: around any bus, which stays as it is."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from libs.common.bus.interface import (
    Binding,
    Bus,
    Consumer,
    Delivery,
    Inbox,
    OnDelivery,
    OnLost,
    Outgoing,
    Queue,
    Refused,
    Unconfirmed,
    Unroutable,
)
from libs.common.clock import Clock
from libs.common.errors import ChatError
from libs.common.metrics import LATENCY_S, Metrics

QUEUE: Final = "queue"
INBOX: Final = "inbox"

OUTCOMES: Final[dict[type[ChatError], str]] = {
    Refused: "refused",
    Unroutable: "unroutable",
    Unconfirmed: "unconfirmed",
}
AWAY: Final = "away"
"""Nothing was tried: the bus is away, or the broker has raised an alarm."""


class BusMetrics:
    """The numbers of one process's bus."""

    def __init__(self, metrics: Metrics) -> None:
        self.publish = metrics.histogram(
            "publish_seconds",
            "From handing a message to the bus to its word that it has it.",
            buckets=LATENCY_S,
            labels=("exchange",),
        )
        self.publishing = metrics.gauge(
            "publishing_count", "Messages that wait for the word of the bus."
        )
        self.failures = metrics.counter(
            "publish_failures",
            "Messages that the bus did not take: refused, unroutable, unconfirmed, or it was away.",
            labels=("exchange", "outcome"),
        )
        self.deliveries = metrics.counter(
            "deliveries",
            "Messages that came, from queues and to inboxes; again: brought before.",
            labels=("way", "again"),
        )
        self.settle = metrics.histogram(
            "settle_seconds",
            "From a delivery of a queue to its settling: what it waits here, and the work.",
            buckets=LATENCY_S,
        )
        self.unsettled = metrics.gauge(
            "unsettled_count", "Deliveries of queues that wait here or are worked on."
        )
        self.losses = metrics.counter(
            "losses",
            "How often the way to a queue or an inbox broke: a broker that went, or a connection.",
            labels=("way",),
        )


def watch_reconnects(metrics: Metrics, reconnects: Callable[[], Mapping[str, int]]) -> None:
    """Show how often each connection to the broker was made again, whenever somebody asks."""
    shown = metrics.gauge(
        "reconnects_count",
        "How often a connection to the broker was made again since the start.",
        labels=("link",),
    )
    for link in reconnects():
        shown.labels(link).set_function(partial(_count_of, link, reconnects))


def _count_of(link: str, reconnects: Callable[[], Mapping[str, int]]) -> int:
    return reconnects()[link]


class MeasuredBus:
    """Passes everything on and counts it."""

    def __init__(self, bus: Bus, metrics: BusMetrics, clock: Clock) -> None:
        self._bus = bus
        self._metrics = metrics
        self._clock = clock

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        exchange = message.exchange.name
        started = self._clock.monotonic()
        try:
            with self._metrics.publishing.track_inprogress():
                await self._bus.publish(message, timeout_s=timeout_s)
        except ChatError as failure:
            outcome = OUTCOMES.get(type(failure), AWAY)
            self._metrics.failures.labels(exchange, outcome).inc()
            raise
        self._metrics.publish.labels(exchange).observe(self._clock.monotonic() - started)

    async def declare(self, queue: Queue) -> None:
        await self._bus.declare(queue)

    async def consume(
        self,
        queue: Queue,
        on_delivery: OnDelivery,
        *,
        prefetch: int,
        on_lost: OnLost | None = None,
    ) -> Consumer:
        in_hand = _InHand(self._metrics, self._clock)

        def take(delivery: Delivery) -> None:
            in_hand.take(delivery)
            on_delivery(delivery)

        def forget() -> None:
            in_hand.forget()
            if on_lost is not None:
                on_lost()

        consumer = await self._bus.consume(
            queue,
            self._counted(QUEUE, take),
            prefetch=prefetch,
            on_lost=self._noted(QUEUE, forget),
        )
        return _MeasuredConsumer(consumer, in_hand)

    async def open_inbox(
        self,
        instance: str,
        bindings: Sequence[Binding],
        on_delivery: OnDelivery,
        *,
        on_gap: Callable[[], None],
    ) -> Inbox:
        return await self._bus.open_inbox(
            instance,
            bindings,
            self._counted(INBOX, on_delivery),
            on_gap=self._noted(INBOX, on_gap),
        )

    async def is_ready(self) -> bool:
        return await self._bus.is_ready()

    async def close(self) -> None:
        await self._bus.close()

    def _counted(self, way: str, on_delivery: OnDelivery) -> OnDelivery:
        first, again = (self._metrics.deliveries.labels(way, again) for again in ("no", "yes"))

        def counted(delivery: Delivery) -> None:
            (again if delivery.is_redelivered else first).inc()
            on_delivery(delivery)

        return counted

    def _noted(self, way: str, told: Callable[[], None]) -> Callable[[], None]:
        losses = self._metrics.losses.labels(way)

        def noted() -> None:
            losses.inc()
            told()

        return noted


class _InHand:
    """The deliveries of one consumer that are not settled, and when each came."""

    def __init__(self, metrics: BusMetrics, clock: Clock) -> None:
        self._metrics = metrics
        self._clock = clock
        self._came: deque[tuple[int, float]] = deque()

    def take(self, delivery: Delivery) -> None:
        self._came.append((delivery.tag, self._clock.monotonic()))
        self._metrics.unsettled.inc()

    def settle(self, tag: int) -> None:
        """Count this one and all that came before it as done."""
        now = self._clock.monotonic()
        while self._came and self._came[0][0] <= tag:
            _, came_at = self._came.popleft()
            self._metrics.settle.observe(now - came_at)
            self._metrics.unsettled.dec()

    def forget(self) -> None:
        """Count none of them any more: they come again."""
        self._metrics.unsettled.dec(len(self._came))
        self._came.clear()


class _MeasuredConsumer:
    """A consumer whose settling is timed."""

    def __init__(self, consumer: Consumer, in_hand: _InHand) -> None:
        self._consumer = consumer
        self._in_hand = in_hand

    def settle(self, delivery: Delivery) -> None:
        self._in_hand.settle(delivery.tag)
        self._consumer.settle(delivery)

    async def close(self) -> None:
        await self._consumer.close()
        self._in_hand.forget()
