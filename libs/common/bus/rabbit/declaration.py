"""A queue that is there although nobody here consumes it."""

from collections.abc import Callable

from aio_pika.abc import AbstractConnection

from libs.common.bus.interface import Queue
from libs.common.bus.rabbit.declaring import declare_queue, open_channel


class Declaration:
    """A `Listener` that hears nothing: it declares its queue, again on each connection."""

    def __init__(self, queue: Queue, queue_type: str) -> None:
        self._queue = queue
        self._queue_type = queue_type
        self._is_made = False

    @property
    def name(self) -> str:
        return self._queue.name

    @property
    def is_attached(self) -> bool:
        return self._is_made

    async def attach(self, connection: AbstractConnection, on_detached: Callable[[], None]) -> None:
        """Declare the queue.  Raises: BrokerUnusable, whatever the library raises."""
        channel = await open_channel(connection, has_confirms=False)
        await declare_queue(channel, self._queue, queue_type=self._queue_type)
        await channel.close()
        self._is_made = True

    def detach(self) -> None:
        """Take note that the broker may be another one next time."""
        self._is_made = False
