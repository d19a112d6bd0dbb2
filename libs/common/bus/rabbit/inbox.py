"""One instance's own queue, a new one on each connection.

The queue has a new name each time, because the broker may still be busy ending the old connection
and keeps the old name locked until then. What was sent to the old address is lost, and `on_gap`
says so once the new queue hears.

What the queue drops because it is full or too old, the broker tells nobody. It takes a process that
reads nothing for INBOX_TTL_S, and one that reads nothing for three heartbeats has lost its
connection by then, and so hears of a gap anyway; heads and digests find the rest.
"""

from collections.abc import Awaitable, Callable, Sequence

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractQueue
from aiormq.abc import DeliveredMessage

from libs.common.bus.interface import Binding, OnDelivery
from libs.common.bus.rabbit.declaring import declare_inbox
from libs.common.bus.rabbit.hearing import Hearing, delivery_of
from libs.common.bus.topology import REPLY
from libs.common.chance import Chance


class RabbitInbox:
    """An `Inbox` and a `Listener`. `leave` takes it off the consuming connection."""

    def __init__(
        self,
        instance: str,
        bindings: Sequence[Binding],
        on_delivery: OnDelivery,
        *,
        on_gap: Callable[[], None],
        leave: "Callable[[RabbitInbox], Awaitable[None]]",
        chance: Chance,
    ) -> None:
        self._instance = instance
        self._bindings = bindings
        self._on_delivery = on_delivery
        self._on_gap = on_gap
        self._leave = leave
        self._chance = chance
        self._address = ""
        self._hearing: Hearing | None = None
        self._generation = 0
        self._has_heard = False

    @property
    def name(self) -> str:
        return self._instance

    @property
    def address(self) -> str:
        return self._address

    @property
    def is_attached(self) -> bool:
        return self._hearing is not None

    async def attach(self, connection: AbstractConnection, on_detached: Callable[[], None]) -> None:
        """Hear on a new queue.  Raises: BrokerUnusable, whatever the library raises."""
        self._generation += 1
        generation = self._generation

        def on_message(message: DeliveredMessage) -> None:
            if generation == self._generation:
                self._on_delivery(delivery_of(message, offset=0))

        def on_end() -> None:
            if generation == self._generation and self._hearing is not None:
                self.detach()
                on_detached()

        self._hearing = await Hearing.open(
            connection, self._declare, on_message, prefetch=None, on_end=on_end
        )
        if self._has_heard:
            self._on_gap()
        self._has_heard = True

    def detach(self) -> None:
        """Take note that the queue is gone."""
        self._hearing = None

    async def close(self) -> None:
        """Take the queue off the broker; nothing reaches its address any more."""
        await self._leave(self)
        hearing, self._hearing = self._hearing, None
        self._generation += 1
        if hearing is not None:
            await hearing.delete(self._address)

    async def _declare(self, channel: AbstractChannel) -> AbstractQueue:
        self._address = f"{self._instance}.{self._chance.new_id().hex[-12:]}"
        own = Binding(REPLY, self._address)
        return await declare_inbox(channel, self._address, (own, *self._bindings))
