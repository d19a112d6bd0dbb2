"""The bus as one gateway hears it, when it is not at its best."""

from collections.abc import Callable, Sequence

from libs.common.bus.interface import (
    Binding,
    Consumer,
    Delivery,
    Inbox,
    OnDelivery,
    OnLost,
    Outgoing,
    Queue,
)
from libs.common.bus.local import LocalBus


class OwnWay:
    """A test may lose deliveries, or keep them for later."""

    def __init__(self, bus: LocalBus) -> None:
        self._bus = bus
        self._late: list[Callable[[], None]] = []
        self.is_lossy = False
        self.is_slow = False

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        await self._bus.publish(message, timeout_s=timeout_s)

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
        return await self._bus.consume(queue, on_delivery, prefetch=prefetch, on_lost=on_lost)

    async def open_inbox(
        self,
        instance: str,
        bindings: Sequence[Binding],
        on_delivery: OnDelivery,
        *,
        on_gap: Callable[[], None],
    ) -> Inbox:
        def hear(delivery: Delivery) -> None:
            if self.is_slow:
                self._late.append(lambda: on_delivery(delivery))
            elif not self.is_lossy:
                on_delivery(delivery)

        return await self._bus.open_inbox(instance, bindings, hear, on_gap=on_gap)

    async def is_ready(self) -> bool:
        return True

    async def close(self) -> None:
        await self._bus.close()

    def catch_up(self) -> None:
        """Bring what was kept, the newest first: the gateway has to put it in order."""
        self.is_slow = False
        late, self._late = self._late, []
        for bring in reversed(late):
            bring()
