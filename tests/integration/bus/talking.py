"""A sender and an owner of commands, as a gateway and a service have them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import msgspec

from libs.common.bus.interface import Bus, Consumer, Delivery
from libs.common.bus.sender import CommandSender
from libs.common.bus.topology import COMMAND_PREFETCH, room_commands
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.contracts.commands import Command, PostMessage, decode_commands
from libs.common.contracts.ids import CommandId
from libs.common.errors import ChatError, Unavailable
from tests.contract.samples import envelope

SHARD = 0
KEY = "m.0"
AGAIN_S = 0.02
"""How soon a client tries again that was told `unavailable`."""


def numbered(number: int) -> Command:
    return msgspec.structs.replace(
        envelope(PostMessage(f"message {number}")), command_id=CommandId(str(number))
    )


class Talker:
    """Sends numbered commands one after the other and goes on when one is taken."""

    def __init__(self, bus: Bus) -> None:
        clock = SystemClock()
        self.sent = 0
        self.refused: list[str] = []
        self._sender = CommandSender(
            bus,
            [KEY],
            on_refused=self._on_refused,
            publish_timeout_s=2,
            linger_s=0,
            clock=clock,
            chance=SystemChance(clock),
        )
        self._flying = [asyncio.ensure_future(run()) for run in self._sender.runs()]

    async def send(self, count: int, *, pause_s: float) -> None:
        """Send so many, insisting on each."""
        for number in range(self.sent, self.sent + count):
            while not self.try_to_send(number):  # noqa: ASYNC110 - a broker tells no event
                await asyncio.sleep(AGAIN_S)
            self.sent += 1
            await asyncio.sleep(pause_s)

    def try_to_send(self, number: int) -> bool:
        with suppress(Unavailable):
            self._sender.send(KEY, numbered(number))
            return True
        return False

    async def stop(self) -> None:
        for task in self._flying:
            task.cancel()
        await asyncio.gather(*self._flying, return_exceptions=True)

    def _on_refused(self, commands: Sequence[Command], _: ChatError) -> None:
        self.refused += [command.command_id for command in commands]


class Owner:
    """Takes commands, settles each delivery at once, and notes the numbers as they come."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self._consumer: Consumer | None = None
        self._came = asyncio.Event()

    async def begin(self, bus: Bus) -> None:
        self._consumer = await bus.consume(
            room_commands(SHARD), self._on_delivery, prefetch=COMMAND_PREFETCH
        )

    @property
    def first_heard(self) -> list[int]:
        """The numbers in the order in which each came first."""
        return list(dict.fromkeys(self.heard))

    async def hears(self, number: int, *, within_s: float) -> None:
        async with asyncio.timeout(within_s):
            while number not in self.heard[-1000:]:
                self._came.clear()
                await self._came.wait()

    def _on_delivery(self, delivery: Delivery) -> None:
        self.heard += [int(command.command_id) for command in decode_commands(delivery.body)]
        self._came.set()
        if self._consumer is not None:
            self._consumer.settle(delivery)
