"""One channel that consumes one queue, from its opening to its end, whoever ends it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractQueue
from aiormq.abc import AbstractChannel as UnderlayChannel
from aiormq.abc import DeliveredMessage

from libs.common.bus.interface import Delivery
from libs.common.bus.rabbit.declaring import open_channel
from libs.common.bus.rabbit.failures import losses, operation
from libs.common.bus.rabbit.goodbye import goodbye
from libs.common.bus.rabbit.lane import REASON

log = structlog.get_logger()

MAX_PREFETCH: Final = 65_535
"""The protocol has two bytes for it."""

CLOSE_S: Final = 5.0
"""How long the broker may take to close a channel."""

FIRST_DEATH: Final = "x-first-death-reason"
"""The broker's own word on a message that a quorum queue gave up."""

Declare = Callable[[AbstractChannel], Awaitable[AbstractQueue]]
OnMessage = Callable[[DeliveredMessage], None]


class Hearing:
    """Hands on what comes, in its order, until it ends.

    `prefetch=None`: nothing is settled, and the broker holds nothing back.
    """

    def __init__(self, channel: AbstractChannel, underlay: UnderlayChannel) -> None:
        self._channel = channel
        self._underlay = underlay
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        connection: AbstractConnection,
        declare: Declare,
        on_message: OnMessage,
        *,
        prefetch: int | None,
        on_end: Callable[[], None],
    ) -> "Hearing":
        """Open the channel, make the queue and consume it; messages may come before this returns.

        `on_end` is called when the channel is gone, in whatever way.
        Raises: BrokerUnusable, whatever the library raises.
        """
        channel = await open_channel(connection, has_confirms=False)
        hearing = cls(channel, await channel.get_underlay_channel())
        try:
            await hearing._begin(declare, on_message, prefetch)
        except BaseException:
            await hearing.close()
            raise
        hearing._underlay.closing.add_done_callback(lambda _: on_end())
        return hearing

    async def settle(self, tag: int) -> None:
        """Settle all up to this tag.  Raises: Lost."""
        with losses():
            await self._underlay.basic_ack(tag, multiple=True, wait=False)

    async def close(self) -> None:
        """Close the channel: what is not settled goes back to the queue, in its order.

        The consumer is not cancelled first: then the next one would be served what comes after
        that, before what is given back.
        """
        await goodbye(self._channel.close(), limit_s=CLOSE_S)

    async def delete(self, name: str) -> None:
        """Close the channel and take the queue off the broker."""
        await goodbye(self._underlay.queue_delete(name), limit_s=CLOSE_S)
        await self.close()

    async def _begin(self, declare: Declare, on_message: OnMessage, prefetch: int | None) -> None:
        if prefetch is not None:
            await self._channel.set_qos(prefetch_count=min(prefetch, MAX_PREFETCH))
        queue = await declare(self._channel)
        self._underlay.on_consumer_cancel_callbacks.add(self._on_cancelled)

        # A coroutine because the library wants one; without an await in it, tasks run in order.
        async def hand_on(message: DeliveredMessage) -> None:
            try:
                on_message(message)
            except Exception:
                log.exception("delivery_not_taken", queue=queue.name)

        with operation(f"to consume the queue {queue.name}"):
            await self._underlay.basic_consume(queue.name, hand_on, no_ack=prefetch is None)

    def _on_cancelled(self, _: Any) -> None:
        """The broker has taken the queue away."""
        self._closing = asyncio.ensure_future(self.close())


def delivery_of(message: DeliveredMessage, *, offset: int) -> Delivery:
    """Return a message of the library as ours, its tag raised by `offset`."""
    properties = message.header.properties
    headers = properties.headers or {}
    return Delivery(
        key=message.routing_key or "",
        type=properties.message_type or "",
        body=message.body,
        tag=offset + (message.delivery_tag or 0),
        is_redelivered=bool(message.redelivered),
        reason=str(headers.get(REASON) or headers.get(FIRST_DEATH) or ""),
    )
