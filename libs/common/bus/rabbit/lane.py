"""One channel to publish on, and how many of its messages wait for the broker's word."""

import asyncio
from typing import Final, Self, cast

from aio_pika.abc import AbstractChannel, AbstractConnection, DeliveryMode
from aiormq import spec
from aiormq.channel import Channel as UnderlayChannel

from libs.common.bus.interface import Outgoing
from libs.common.bus.rabbit.declaring import open_channel

REASON: Final = "reason"
"""The header that says why a dead letter is one."""


class Lane:
    """Publishes on one channel, any number of messages at a time."""

    def __init__(self, channel: AbstractChannel, underlay: UnderlayChannel) -> None:
        self._channel = channel
        self._underlay = underlay
        self._in_flight = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @classmethod
    async def open(cls, connection: AbstractConnection) -> Self:
        channel = await open_channel(connection, has_confirms=True)
        # It is one; the abstract channel only says less of what it can do.
        return cls(channel, cast(UnderlayChannel, await channel.get_underlay_channel()))

    @property
    def is_busy(self) -> bool:
        """Tell whether a message waits for the broker's word."""
        return self._in_flight > 0

    async def publish(self, message: Outgoing) -> None:
        """Return once the broker has confirmed.

        Raises: PublishError (no queue takes it), DeliveryError (a nack), whatever the library
        raises when the channel goes away.
        """
        self._in_flight += 1
        self._empty.clear()
        try:
            await self._underlay.basic_publish(
                message.body,
                exchange=message.exchange.name,
                routing_key=message.key,
                properties=_properties(message),
                mandatory=message.is_mandatory,
                # The confirm comes later than the socket's word, and is waited for anyway.
                wait=False,
            )
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._empty.set()

    async def close(self) -> None:
        """Close the channel once nothing on it waits any more."""
        await self._empty.wait()
        await self._channel.close()


def _properties(message: Outgoing) -> spec.Basic.Properties:
    keeps = message.exchange.keeps
    return spec.Basic.Properties(
        delivery_mode=DeliveryMode.PERSISTENT if keeps else DeliveryMode.NOT_PERSISTENT,
        message_type=message.type,
        headers={REASON: message.reason} if message.reason else None,
    )
