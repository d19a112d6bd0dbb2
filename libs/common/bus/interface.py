"""What a bus promises, whichever way it carries bytes.

The in-process bus of the embedded shape and the broker of the split shape keep the same contract,
and `tests/contract/bus_promises.py` holds both against it:

- `publish` returns once the bus has taken the message over, or raises; it never waits without
  limit.
- A queue delivers in order to one consumer at a time (`Queue.single_active`) or to one of several.
- What a consumer has not settled when it goes away comes back, in order, marked `redelivered`.
- A consumer whose way to the bus broke is told (`on_lost`) and goes on by itself: what it had not
  settled comes again, to it or to another one, and settling it late does no harm.
- Every queue has a bound and says what happens when it is full.
- An inbox is one instance's own queue. It may lose what it could not hold, and then says so
  (`on_gap`).

The bus moves bytes; `libs.common.contracts` gives them meaning.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from libs.common.errors import Unavailable


class Refused(Unavailable):
    """A queue is full or the broker said no: the message was not taken."""


class Unroutable(Unavailable):
    """No queue wants the message, and somebody should."""


class Unconfirmed(Unavailable):
    """The bus did not say in time whether it took the message: it may have."""


class ExchangeKind(StrEnum):
    DIRECT = "direct"
    TOPIC = "topic"


class WhenFull(StrEnum):
    REFUSE = "reject-publish"
    DROP_OLDEST = "drop-head"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Where messages are published to. `keeps` says that the broker writes them to disk."""

    name: str
    kind: ExchangeKind
    keeps: bool


@dataclass(frozen=True, slots=True)
class Binding:
    """Messages of `exchange` whose routing key matches `key` go to the queue that holds the
    binding.

    For a topic exchange `*` stands for one word of the key and `#` for any number of words.
    """

    exchange: Exchange
    key: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue that outlives its consumers."""

    name: str
    bindings: tuple[Binding, ...]
    max_length: int
    max_bytes: int
    when_full: WhenFull
    single_active: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish.

    `is_mandatory`: raise `Unroutable` when no queue takes it. `must_survive`: `publish` returns
    only once the message would survive the death of this very process. A broker promises that
    with its confirm; in-process nothing survives, so there it means that every consumer has
    settled it. `reason` says why a dead letter is one; it travels beside the body, which stays as
    it was and can be published again.
    """

    exchange: Exchange
    key: str
    type: str
    body: bytes
    is_mandatory: bool = False
    must_survive: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message handed to a consumer.  `reason`: why it is a dead letter, if it is one."""

    key: str
    type: str
    body: bytes
    tag: int
    is_redelivered: bool
    reason: str = ""


class Consumer(Protocol):
    """One consumer of one queue."""

    def settle(self, delivery: Delivery) -> None:
        """Settle this delivery and all that came to this consumer before it.

        One that was lost meanwhile is not settled: it comes again.
        """
        ...

    async def close(self) -> None:
        """Stop. What was not settled goes back to the queue, in its order."""
        ...


class Inbox(Protocol):
    """The queue of one instance; it goes when the instance goes."""

    @property
    def address(self) -> str:
        """Return the routing key under which answers reach this inbox; a gap may change it."""
        ...

    async def close(self) -> None: ...


OnDelivery = Callable[[Delivery], None]
"""Must only take note of the delivery: it runs between two turns of the loop and may not raise."""

OnLost = Callable[[], None]
"""Must only forget what is in hand and not settled: all of it comes again, after this call."""


class Bus(Protocol):
    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        """Hand one message over.

        Raises: Refused, Unroutable: it was not taken. Unconfirmed: the outcome is unknown. Plain
        Unavailable, at once: the bus is away, so nothing was tried and nothing is known of earlier
        tries.
        """
        ...

    async def declare(self, queue: Queue) -> None:
        """Make the queue unless it is there; publishers may come before the first consumer."""
        ...

    async def consume(
        self,
        queue: Queue,
        on_delivery: OnDelivery,
        *,
        prefetch: int,
        on_lost: OnLost | None = None,
    ) -> Consumer:
        """Declare the queue and deliver from it, at most `prefetch` unsettled at a time.

        Whoever keeps deliveries for later has to say what to do `on_lost`.
        """
        ...

    async def open_inbox(
        self,
        instance: str,
        bindings: Sequence[Binding],
        on_delivery: OnDelivery,
        *,
        on_gap: Callable[[], None],
    ) -> Inbox:
        """Open this instance's own queue, bound to its address and to `bindings`.

        `on_gap` is called when messages may have been missed: the owner compares notes with the
        log.
        """
        ...

    async def is_ready(self) -> bool:
        """Tell whether messages can be published and all consumers are consuming."""
        ...

    async def close(self) -> None: ...


Publish = Callable[[Outgoing], Awaitable[None]]
