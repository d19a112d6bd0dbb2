"""A RabbitMQ as a program has it, and a little traffic."""

from collections.abc import Awaitable, Callable

import aio_pika

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from services.nodes.folder import DataFolder
from services.nodes.rabbitmq.accounts import Accounts, Rights
from services.nodes.rabbitmq.binaries import find_binaries
from services.nodes.rabbitmq.place import Wanted
from services.nodes.rabbitmq.server import RabbitServer

StartBroker = Callable[[DataFolder], Awaitable[RabbitServer]]

VHOST = "hubbub"
BOB = "bob"
START_S = 50.0


async def start(
    folder: DataFolder, *, timeout_s: float, say: Callable[[str], None]
) -> RabbitServer:
    """Start a broker with one vhost, in which Bob has queues of his own."""
    rights = Rights(configure="bob[.].*", read="bob[.].*")
    return await RabbitServer.start(
        folder,
        find_binaries(None),
        wanted=Wanted(Accounts(vhosts=[VHOST], users={BOB: {VHOST: rights}})),
        chance=SystemChance(SystemClock()),
        timeout_s=timeout_s,
        say=say,
    )


async def publish(url: str, queue: str, text: str) -> None:
    """Publish into a durable queue, made if it is missing; return when it was confirmed."""
    connection = await aio_pika.connect(url)
    async with connection, connection.channel() as channel:
        await channel.declare_queue(queue, durable=True)
        message = aio_pika.Message(text.encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key=queue)


async def take(url: str, queue: str) -> str:
    """Take one message out of a durable queue."""
    connection = await aio_pika.connect(url)
    async with connection, connection.channel() as channel:
        declared = await channel.declare_queue(queue, durable=True)
        message = await declared.get(timeout=5)
        await message.ack()
        return message.body.decode()
