"""What we make on a broker: exchanges, queues that stay, inboxes that go.

Which permissions a user of the broker needs for that (configure / write / read, each a pattern over
names):

    to connect          nothing: exchanges that are there are only looked for
    the first to come   configure on `chat.*`: exchanges that are not there are made
    to publish          write on the exchange
    a queue that stays  configure, write and read on the queue, read on its exchanges; as quorum
                        queue also write on `chat.dead`
    an inbox            configure, write and read on `<instance>.*`, read on its exchanges

Whoever makes all exchanges beforehand can leave out the second line. The type of a queue is always
said, since a virtual host may have another default, and an inbox cannot be anything but classic.
"""

from collections.abc import Iterable
from typing import Any

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractQueue
from aio_pika.exceptions import ChannelNotFoundEntity

from libs.common.bus.interface import Binding, Exchange, Queue, WhenFull
from libs.common.bus.rabbit.failures import operation
from libs.common.bus.topology import DEAD, DEAD_KEY, INBOX_BYTES, INBOX_LENGTH, INBOX_TTL_S

Arguments = dict[str, Any]


async def open_channel(connection: AbstractConnection, *, has_confirms: bool) -> AbstractChannel:
    """Return a new channel.  Waits for ever on a blocked connection: bound it."""
    channel = connection.channel(publisher_confirms=has_confirms, on_return_raises=has_confirms)
    await channel.initialize()
    return channel


async def ensure_exchanges(connection: AbstractConnection, exchanges: Iterable[Exchange]) -> None:
    """Make the exchanges that are not there.  Raises: BrokerUnusable."""
    channel = await open_channel(connection, has_confirms=False)
    for exchange in exchanges:
        try:
            await channel.declare_exchange(exchange.name, passive=True)
        except ChannelNotFoundEntity:
            # The broker closes the channel with this answer.
            channel = await open_channel(connection, has_confirms=False)
            with operation(f"to make the exchange {exchange.name}"):
                await channel.declare_exchange(exchange.name, exchange.kind.value, durable=True)
    await channel.close()


async def declare_queue(
    channel: AbstractChannel, queue: Queue, *, queue_type: str
) -> AbstractQueue:
    """Make the queue and its bindings unless they are there.  Raises: BrokerUnusable."""
    with operation(f"to declare the queue {queue.name}"):
        declared = await channel.declare_queue(
            queue.name, durable=True, arguments=arguments_of(queue, queue_type=queue_type)
        )
        await _bind(declared, queue.bindings)
    return declared


async def declare_inbox(
    channel: AbstractChannel, name: str, bindings: Iterable[Binding]
) -> AbstractQueue:
    """Make a queue that only this connection may use and that ends with it.

    Raises: BrokerUnusable.
    """
    with operation(f"to declare the inbox {name}"):
        declared = await channel.declare_queue(
            name, exclusive=True, auto_delete=True, arguments=_inbox_arguments()
        )
        await _bind(declared, bindings)
    return declared


def arguments_of(queue: Queue, *, queue_type: str) -> Arguments:
    """Return what the broker is told of a queue; changing it means deleting queues."""
    arguments: Arguments = {
        "x-queue-type": queue_type,
        "x-max-length": queue.max_length,
        "x-max-length-bytes": queue.max_bytes,
        "x-overflow": queue.when_full.value,
    }
    if queue.single_active:
        arguments["x-single-active-consumer"] = True
    if queue_type == "quorum" and queue.when_full is WhenFull.REFUSE:
        # From version 4 on, quorum queues give up a message after 20 redeliveries.
        arguments["x-dead-letter-exchange"] = DEAD.name
        arguments["x-dead-letter-routing-key"] = DEAD_KEY
    return arguments


def _inbox_arguments() -> Arguments:
    return {
        "x-queue-type": "classic",
        "x-max-length": INBOX_LENGTH,
        "x-max-length-bytes": INBOX_BYTES,
        "x-overflow": WhenFull.DROP_OLDEST.value,
        "x-message-ttl": int(INBOX_TTL_S * 1000),
    }


async def _bind(queue: AbstractQueue, bindings: Iterable[Binding]) -> None:
    for binding in bindings:
        await queue.bind(binding.exchange.name, binding.key)
