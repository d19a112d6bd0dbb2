"""A bus for tests that want one to misbehave."""

from collections.abc import Callable, Sequence

from libs.common.bus.interface import (
    Binding,
    Consumer,
    Inbox,
    OnDelivery,
    OnLost,
    Outgoing,
    Queue,
)
from libs.common.bus.local import LocalBus
from tests.support.clock import SetClock


class ForgetfulBus:
    """The in-process bus, and a way to say that it has lost something."""

    def __init__(self, clock: SetClock) -> None:
        self._bus = LocalBus(clock)
        self.say_lost: Callable[[], None] = lambda: None

    async def open_inbox(
        self,
        instance: str,
        bindings: Sequence[Binding],
        on_delivery: OnDelivery,
        *,
        on_gap: Callable[[], None],
    ) -> Inbox:
        self.say_lost = on_gap
        return await self._bus.open_inbox(instance, bindings, on_delivery, on_gap=on_gap)

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

    async def is_ready(self) -> bool:
        return await self._bus.is_ready()

    async def close(self) -> None:
        await self._bus.close()
