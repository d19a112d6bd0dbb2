"""The shards that this instance consumes, whether it serves them or stands by."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from libs.common.bus.intake import Intake
from libs.common.bus.interface import Bus, Consumer, Delivery
from libs.common.bus.topology import COMMAND_PREFETCH, dead_letters, room_commands
from libs.common.bus.worker import CommandWorker


@dataclass(eq=False, slots=True)
class _Consumed:
    """A shard that is consumed. It is served once something came; before that nobody knows."""

    shard: int
    intake: Intake
    on_first: Callable[[int], None]
    is_serving: bool = False
    consumer: Consumer | None = None

    def on_delivery(self, delivery: Delivery) -> None:
        if not self.is_serving:
            self.is_serving = True
            self.on_first(self.shard)
        self.intake.on_delivery(delivery)

    def on_lost(self) -> None:
        self.is_serving = False
        self.intake.on_lost()


class Intakes:
    """Feeds the worker from the shards that were taken.

    `on_first` is called with a shard before its first delivery is taken note of, since it was taken
    or since the way to the bus broke: another instance may have served it until then.
    """

    def __init__(
        self, bus: Bus, worker: CommandWorker, *, shards: int, on_first: Callable[[int], None]
    ) -> None:
        self._bus = bus
        self._worker = worker
        self._shards = shards
        self._on_first = on_first
        self._consumed: dict[int, _Consumed] = {}

    @property
    def serving(self) -> list[int]:
        """Return the shards of which something came."""
        return [shard for shard, one in self._consumed.items() if one.is_serving]

    async def declare(self) -> None:
        """Let commands find their queues, and what nobody can obey its place."""
        await self._bus.declare(dead_letters())
        for shard in range(self._shards):
            await self._bus.declare(room_commands(shard))

    async def take(self, shard: int) -> None:
        """Consume a shard, behind whoever does so already.  Raises: Unavailable."""
        one = _Consumed(shard, self._worker.add_intake(), self._on_first)
        try:
            one.consumer = one.intake.consumer = await self._bus.consume(
                room_commands(shard),
                one.on_delivery,
                prefetch=COMMAND_PREFETCH,
                on_lost=one.on_lost,
            )
        except BaseException:
            self._worker.drop_intake(one.intake)
            raise
        self._consumed[shard] = one

    async def hand_over(self, shard: int, *, timeout_s: float) -> None:
        """Consume a shard no more, so that the next one goes on where we stop.

        What is in hand is done, told and settled first; what is not begun goes back in its order.
        Raises: TimeoutError when that is not done in time: then nothing has changed.
        """
        one = self._consumed[shard]
        async with asyncio.timeout(timeout_s):
            await self._worker.finish(one.intake)
        del self._consumed[shard]
        await self._give_back(one)

    async def close(self) -> None:
        """Give everything back that is not done."""
        while self._consumed:
            _, one = self._consumed.popitem()
            await self._give_back(one)

    async def _give_back(self, one: _Consumed) -> None:
        if one.consumer is not None:
            await one.consumer.close()
        self._worker.drop_intake(one.intake)
