"""The bus over RabbitMQ: two connections, kept up.

    publish ------------> Publisher -- Link "publishing" --\
                                                            >-- the broker
    consume, open_inbox -> Consuming -- Link "consuming" --/

They are two because the broker stops reading from a connection that publishes when it runs out of
memory or disk; what is consumed meanwhile is what makes room again.

See: docs/decisions/0010-the-broker.md.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, Self

from libs.common.bus.interface import (
    Binding,
    Consumer,
    Inbox,
    OnDelivery,
    OnLost,
    Outgoing,
    Queue,
)
from libs.common.bus.rabbit.consumer import RabbitConsumer
from libs.common.bus.rabbit.consuming import Consuming
from libs.common.bus.rabbit.declaration import Declaration
from libs.common.bus.rabbit.failures import BrokerUnusable
from libs.common.bus.rabbit.inbox import RabbitInbox
from libs.common.bus.rabbit.link import Link
from libs.common.bus.rabbit.publisher import Publisher
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.chance import Chance
from libs.common.clock import Clock

LIBRARIES: Final = ("aio_pika", "aiormq")
"""They log every lost connection several times, with tracebacks; our own lines say it once."""

CLOSE_S: Final = 10.0
"""How long the end of both connections may take; each goodbye has its own, shorter limit."""

REFUSED_TOO_S: Final = 0.5
"""Where one connection is refused, the other is most likely about to be. Cut off in the middle of
that, the library's own tasks would end with errors that nobody hears, and be complained of."""


class RabbitBus:
    """Carries messages between processes. Make it with `connect`."""

    def __init__(
        self, settings: BrokerSettings, *, instance: str, clock: Clock, chance: Chance
    ) -> None:
        self._settings = settings
        self._chance = chance
        self._publisher = Publisher(settings)
        self._consuming = Consuming(settings, clock)
        self._links = [
            Link(name, serve, settings, instance=instance, clock=clock, chance=chance)
            for name, serve in (
                ("publishing", self._publisher.serve),
                ("consuming", self._consuming.serve),
            )
        ]
        self._runs: list[asyncio.Task[None]] = []

    @classmethod
    async def connect(
        cls, settings: BrokerSettings, *, instance: str, clock: Clock, chance: Chance
    ) -> Self:
        """Connect both ways, waiting for a broker that is not there yet.

        `instance` names the connections in the broker's own lists.
        Raises: BrokerUnusable, with one line to show: refused, or not there in time.
        """
        for library in LIBRARIES:
            logging.getLogger(library).setLevel(logging.CRITICAL)
        bus = cls(settings, instance=instance, clock=clock, chance=chance)
        try:
            await bus._begin()
        except BaseException:
            await bus.close()
            raise
        return bus

    async def run(self) -> None:
        """Return when a connection is no longer looked after; a worker does this, so that the
        process ends rather than stay deaf.  Raises: what ended it.
        """
        done, _ = await asyncio.wait(self._runs, return_when=asyncio.FIRST_COMPLETED)
        for run in done:
            run.result()

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        await self._publisher.publish(message, timeout_s=timeout_s)

    async def declare(self, queue: Queue) -> None:
        await self._consuming.join(Declaration(queue, self._settings.queue_type))

    async def consume(
        self,
        queue: Queue,
        on_delivery: OnDelivery,
        *,
        prefetch: int,
        on_lost: OnLost | None = None,
    ) -> Consumer:
        consumer = RabbitConsumer(
            queue,
            on_delivery,
            prefetch=prefetch,
            on_lost=on_lost,
            queue_type=self._settings.queue_type,
            leave=self._consuming.leave,
        )
        await self._join(consumer)
        return consumer

    async def open_inbox(
        self,
        instance: str,
        bindings: Sequence[Binding],
        on_delivery: OnDelivery,
        *,
        on_gap: Callable[[], None],
    ) -> Inbox:
        inbox = RabbitInbox(
            instance,
            bindings,
            on_delivery,
            on_gap=on_gap,
            leave=self._consuming.leave,
            chance=self._chance,
        )
        await self._join(inbox)
        return inbox

    def reconnects(self) -> dict[str, int]:
        """Return how often each connection was made again, by what it is for."""
        return {link.name: link.reconnects for link in self._links}

    async def is_ready(self) -> bool:
        return self._publisher.is_ready and self._consuming.is_ready

    async def close(self) -> None:
        for run in self._runs:
            run.cancel()
        if self._runs:
            await asyncio.wait(self._runs, timeout=CLOSE_S)

    async def _join(self, listener: RabbitConsumer | RabbitInbox) -> None:
        try:
            await self._consuming.join(listener)
        except BaseException:
            # It may hear already, and nobody would settle what it hears.
            await listener.close()
            raise

    async def _begin(self) -> None:
        self._runs = [asyncio.create_task(link.run()) for link in self._links]
        served = asyncio.create_task(self._until_served())
        try:
            async with asyncio.timeout(self._settings.wait_s):
                await asyncio.wait({served, *self._runs}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            raise BrokerUnusable(
                f"The broker in BUS_URL was not there in {self._settings.wait_s:g} s: "
                "start it, correct BUS_URL, or raise BUS_WAIT_S."
            ) from None
        finally:
            served.cancel()
        if any(run.done() for run in self._runs):
            await asyncio.wait(self._runs, timeout=REFUSED_TOO_S)
            refusals = [run.exception() for run in self._runs if run.done()]
            raise next(refusal for refusal in refusals if refusal is not None)

    async def _until_served(self) -> None:
        for link in self._links:
            await link.until_served()
