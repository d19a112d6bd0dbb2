"""The shards that this instance serves."""

from libs.common.bus.interface import Bus, Consumer
from libs.common.bus.topology import COMMAND_PREFETCH, dead_letters, room_commands
from libs.common.bus.worker import CommandWorker


class Intakes:
    """Feeds the worker from every shard there is."""

    def __init__(self, bus: Bus, worker: CommandWorker, *, shards: int) -> None:
        self._bus = bus
        self._worker = worker
        self._shards = shards
        self._consumers: list[Consumer] = []

    async def open(self) -> None:
        """Begin to take commands; what nobody can obey finds its place too."""
        await self._bus.declare(dead_letters())
        for shard in range(self._shards):
            intake = self._worker.add_intake()
            intake.consumer = await self._bus.consume(
                room_commands(shard),
                intake.on_delivery,
                prefetch=COMMAND_PREFETCH,
                on_lost=intake.on_lost,
            )
            self._consumers.append(intake.consumer)

    async def close(self) -> None:
        """Give back what is not done; whoever takes the shards over gets it in its order."""
        for consumer in self._consumers:
            await consumer.close()
        self._consumers.clear()
