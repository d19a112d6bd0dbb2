"""One consumer of one queue, on one channel after the other.

Tags count on over the channels, so that a delivery of a lost one is known by its tag and settling
it late touches nothing: the broker delivers it again, and this tag means another message there.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractQueue
from aio_pika.exceptions import ChannelClosed
from aiormq.abc import DeliveredMessage

from libs.common.bus.interface import Delivery, OnDelivery, OnLost, Queue
from libs.common.bus.rabbit.declaring import declare_queue
from libs.common.bus.rabbit.failures import Lost
from libs.common.bus.rabbit.hearing import CLOSE_S, Hearing, delivery_of


class RabbitConsumer:
    """A `Consumer` and a `Listener`. `leave` takes it off the consuming connection."""

    def __init__(
        self,
        queue: Queue,
        on_delivery: OnDelivery,
        *,
        prefetch: int,
        on_lost: OnLost | None,
        queue_type: str,
        leave: "Callable[[RabbitConsumer], Awaitable[None]]",
    ) -> None:
        self._queue = queue
        self._on_delivery = on_delivery
        self._prefetch = prefetch
        self._on_lost = on_lost
        self._queue_type = queue_type
        self._leave = leave
        self._hearing: Hearing | None = None
        self._generation = 0
        self._offset = 0
        self._heard = 0
        self._settled = 0
        self._acked = 0
        self._acking: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self._queue.name

    @property
    def is_attached(self) -> bool:
        return self._hearing is not None

    async def attach(self, connection: AbstractConnection, on_detached: Callable[[], None]) -> None:
        """Consume on a new channel.  Raises: BrokerUnusable, whatever the library raises."""
        generation = self._generation

        def on_message(message: DeliveredMessage) -> None:
            if generation == self._generation:
                self._take(message)

        def on_end() -> None:
            if generation == self._generation:
                self.detach()
                on_detached()

        try:
            self._hearing = await Hearing.open(
                connection, self._declare, on_message, prefetch=self._prefetch, on_end=on_end
            )
        except BaseException:
            self._forget()
            raise
        self._ack_soon()

    def detach(self) -> None:
        """Take note that the channel is gone, and say so."""
        if self._hearing is not None:
            self._hearing = None
            self._forget()

    def settle(self, delivery: Delivery) -> None:
        if delivery.tag > max(self._offset, self._settled):
            self._settled = delivery.tag
            self._ack_soon()

    async def close(self) -> None:
        await self._leave(self)
        if self._acking is not None:
            await asyncio.wait({self._acking}, timeout=CLOSE_S)
        hearing, self._hearing = self._hearing, None
        self._start_over()
        if hearing is not None:
            await hearing.close()

    async def _declare(self, channel: AbstractChannel) -> AbstractQueue:
        return await declare_queue(channel, self._queue, queue_type=self._queue_type)

    def _take(self, message: DeliveredMessage) -> None:
        delivery = delivery_of(message, offset=self._offset)
        self._heard = delivery.tag
        self._on_delivery(delivery)

    def _forget(self) -> None:
        self._start_over()
        if self._on_lost is not None:
            self._on_lost()

    def _start_over(self) -> None:
        """Count from here: all tags that were given are those of a lost channel."""
        self._generation += 1
        self._offset = self._settled = self._acked = self._heard

    def _ack_soon(self) -> None:
        """Ack in a later turn of the loop, once for all that is settled until then."""
        if self._acking is None and self._hearing is not None and self._settled > self._acked:
            self._acking = asyncio.ensure_future(self._ack(self._hearing))

    async def _ack(self, hearing: Hearing) -> None:
        try:
            while self._hearing is hearing and self._settled > self._acked:
                self._acked = self._settled
                await hearing.settle(self._acked - self._offset)
        except (Lost, ChannelClosed):
            return  # and all of it comes again
        finally:
            self._acking = None
            self._ack_soon()
