"""The deliveries of one shard in hand: which commands wait, which are done, what may be settled.

A delivery is settled when all its commands are done and all that came before it is settled. When
the way to the bus breaks, everything is forgotten, because all of it comes again.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from libs.common.bus.interface import Consumer, Delivery
from libs.common.contracts.commands import COMMAND_BATCH, Command, decode_commands


@dataclass(slots=True)
class _Open:
    """A delivery and how many of its commands are not done.

    Inherited: another process had it, and may have died of it. Lost: it comes again.
    """

    delivery: Delivery
    left: int
    is_inherited: bool
    is_lost: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """One command in hand, and where to settle it."""

    command: Command
    is_redelivered: bool
    intake: "Intake"
    source: _Open


class Intake:
    """The deliveries of one shard's queue, in order, and which of them are done."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._open: deque[_Open] = deque()
        self.ready: deque[Taken] = deque()
        self.unreadable: deque[_Open] = deque()
        self.is_finishing = False
        self._consumer: Consumer | None = None
        self._survived: set[bytes] = set()

    @property
    def consumer(self) -> Consumer | None:
        """Who delivers. Deliveries may be done before it is known: then they are settled now."""
        return self._consumer

    @consumer.setter
    def consumer(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self.settle(())

    def on_delivery(self, delivery: Delivery) -> None:
        """Take note of a delivery; a body that is no batch of commands waits to be buried."""
        is_inherited = delivery.is_redelivered and delivery.body not in self._survived
        if not delivery.is_redelivered:
            # What comes again comes first.
            self._survived.clear()
        try:
            commands = _read(delivery)
        except msgspec.DecodeError:
            source = _Open(delivery, 1, is_inherited)
            self.unreadable.append(source)
        else:
            source = _Open(delivery, len(commands), is_inherited)
            self.ready.extend(
                Taken(command, delivery.is_redelivered, self, source) for command in commands
            )
        self._open.append(source)
        self._wake()

    def on_lost(self) -> None:
        """Forget everything: the way to the bus broke, and what is not settled comes again.

        That no process died of it is remembered: a broker that is away five times is no poison.
        """
        for source in self._open:
            source.is_lost = True
            self._survived.add(source.delivery.body)
        self._open.clear()
        self.ready.clear()
        self.unreadable.clear()

    def settle(self, done: Iterable[_Open]) -> None:
        """Count one command as done for each time its delivery is named.

        The run of finished deliveries at the head goes back to the bus as settled; one that is not
        finished holds back all that came after it.
        """
        for source in done:
            source.left -= 1
        if self._consumer is None:
            return
        last = None
        while self._open and self._open[0].left == 0:
            last = self._open.popleft().delivery
        if last is not None:
            self._consumer.settle(last)


def _read(delivery: Delivery) -> list[Command]:
    if delivery.type != COMMAND_BATCH:
        raise msgspec.DecodeError(f"not a batch of commands: {delivery.type!r}")
    return decode_commands(delivery.body)
