"""Hears what others tell of people, for a service that keeps a copy of some of it.

    bus -> heard -> one fact: kept by the service -> settled
                                  |-- the database is away: again, later
                                  `-- unreadable, or nobody can keep it: among the dead letters

A fact is settled once it is kept, so one that was not comes again, in its order.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec
import structlog

from libs.common.bus.answering import bury_delivery
from libs.common.bus.interface import Bus, Consumer, Delivery, Queue
from libs.common.bus.topology import dead_letters, facts_for
from libs.common.clock import Clock
from libs.common.contracts.facts import (
    BLOCK_CHANGED,
    FACT,
    BlockChanged,
    Fact,
    UserChanged,
    decode_fact,
)
from libs.common.errors import Unavailable
from libs.common.patience import Patience

log = structlog.get_logger()

F = TypeVar("F", bound=Fact)

PREFETCH: Final = 64
"""Facts in hand at once; the others wait on the bus."""

RETRY_S: Final = 0.5
"""Pause before a fact is tried again when the database is away."""

Keep = Callable[[F], Awaitable[None]]
"""Keeps what is new in a fact, once or twice.  Raises: Unavailable, to be called again."""


@dataclass(frozen=True, slots=True)
class About(Generic[F]):
    """What facts are about. Each has a queue of its own, so that a release that knows nothing of
    one leaves what is told of it to the next.
    """

    kind: type[F]
    pattern: str
    suffix: str = ""

    def queue(self, service: str) -> Queue:
        """Return where `service` finds them."""
        return facts_for(f"{service}{self.suffix}", self.pattern)


USERS: Final = About(UserChanged, "auth.user.*")
BLOCKS: Final = About(BlockChanged, BLOCK_CHANGED, ".blocks")


class Facts(Generic[F]):
    """Takes facts `about` something in, one after the other, for `service`."""

    def __init__(
        self,
        bus: Bus,
        service: str,
        keep: Keep[F],
        *,
        about: About[F],
        publish_timeout_s: float,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._service = service
        self._keep = keep
        self._about = about
        self._publish_timeout_s = publish_timeout_s
        self._clock = clock
        self._heard: asyncio.Queue[Delivery] = asyncio.Queue()
        self._patience = Patience()
        self._consumer: Consumer | None = None

    async def start(self) -> None:
        """Begin to listen; what is heard waits for `run`."""
        await self._bus.declare(dead_letters())
        self._consumer = await self._bus.consume(
            self._about.queue(self._service),
            self._heard.put_nowait,
            prefetch=PREFETCH,
            on_lost=self._forget,
        )

    async def stop(self) -> None:
        if self._consumer is not None:
            await self._consumer.close()

    async def run(self) -> None:
        """Take facts in until cancelled."""
        while True:
            delivery = await self._heard.get()
            await self._obey(delivery)
            if self._consumer is not None:
                self._consumer.settle(delivery)

    def _forget(self) -> None:
        while not self._heard.empty():
            self._heard.get_nowait()

    async def _obey(self, delivery: Delivery) -> None:
        while True:
            try:
                return await self._take(delivery)
            except Unavailable:
                log.warning("fact_postponed", key=delivery.key)
                await self._clock.sleep(RETRY_S)

    async def _take(self, delivery: Delivery) -> None:
        try:
            fact = _read(delivery, self._about.kind)
            with self._patience.over([delivery]):
                await self._keep(fact)
        except Unavailable:
            raise
        except Exception as error:
            # Like a command that nobody can obey: it must not end process after process.
            await self._bury(delivery, error)

    async def _bury(self, delivery: Delivery, error: Exception) -> None:
        reason = type(error).__name__
        log.error("fact_buried", key=delivery.key, reason=reason, exc_info=error)
        await bury_delivery(self._bus, delivery, reason=reason, timeout_s=self._publish_timeout_s)


def _read(delivery: Delivery, kind: type[F]) -> F:
    """Return the fact that was told.  Raises: msgspec.DecodeError, it is nothing of the kind."""
    if delivery.type != FACT:
        raise msgspec.ValidationError(f"not a fact: {delivery.type!r}")
    fact = decode_fact(delivery.key, delivery.body)
    if not isinstance(fact, kind):
        raise msgspec.ValidationError(f"not of this kind: {delivery.key!r}")
    return fact
