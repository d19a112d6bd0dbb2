"""Instances on one bus that share its shards: claims, a clock, and clerks who note what they do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from libs.common.bus.interface import Consumer, OnDelivery, OnLost, Outgoing, Queue
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import COMMANDS
from libs.common.bus.worker import CommandWorker
from libs.common.claims import Standing
from libs.common.contracts.commands import COMMAND_BATCH
from libs.common.errors import Unavailable
from services.messages.consumers.intakes import Intakes
from services.messages.consumers.sharing import Sharing
from services.messages.settings import MessagesSettings
from tests.support.clock import SetClock, settle
from tests.unit.common.desk import Clerk, delivery

SHARDS = 4
SETTINGS = MessagesSettings(look_s=1, settle_s=5, standby_s=3, hand_over_s=2)
LONG_S = 10.0
"""After it everybody has looked, agreed and stood by again."""


class Registry:
    """What Postgres knows of the claims."""

    def __init__(self) -> None:
        self.live: set[int] = set()
        self.is_away = False


class MoodyBus(LocalBus):
    """Is away, or takes no consumers, when the test says so."""

    is_away = False
    is_closed_to_consumers = False

    async def is_ready(self) -> bool:
        return not self.is_away

    async def consume(
        self,
        queue: Queue,
        on_delivery: OnDelivery,
        *,
        prefetch: int,
        on_lost: OnLost | None = None,
    ) -> Consumer:
        if self.is_closed_to_consumers:
            raise Unavailable
        return await super().consume(queue, on_delivery, prefetch=prefetch, on_lost=on_lost)


class BookedClaim:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.ordinal: int | None = None
        self.looks = 0

    async def look(self) -> Standing:
        self.looks += 1
        live = self.registry.live
        if self.registry.is_away:
            raise Unavailable
        if self.ordinal is None:
            self.ordinal = next(number for number in range(9) if number not in live)
            live.add(self.ordinal)
        return Standing(self.ordinal, tuple(sorted(live)))

    async def release(self) -> None:
        self.registry.live.discard(-1 if self.ordinal is None else self.ordinal)
        self.ordinal = None


class Instance:
    """One instance: who obeys, and the shards it knows that it has served first."""

    def __init__(self, house: "House") -> None:
        self.clerk = Clerk()
        self.firsts: list[int] = []
        self.claim = BookedClaim(house.registry)
        self.worker = CommandWorker(self.clerk, house.clock)
        self.intakes = Intakes(house.bus, self.worker, shards=SHARDS, on_first=self.firsts.append)
        self.sharing = Sharing(
            house.bus,
            self.intakes,
            self.claim,
            shards=SHARDS,
            settings=SETTINGS,
            clock=house.clock,
        )

    @property
    def obeyed(self) -> list[str]:
        return [word for batch in self.clerk.batches for word in batch]


class House:
    """A bus, a registry of claims and a clock, for any number of instances."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.bus = MoodyBus(self.clock)
        self.registry = Registry()
        self._opened = AsyncExitStack()

    async def enter(self) -> Instance:
        """Start one more instance."""
        return await self._opened.enter_async_context(self.instance())

    @asynccontextmanager
    async def instance(self) -> AsyncIterator[Instance]:
        """Run an instance, and stop it in order."""
        instance = Instance(self)
        await instance.sharing.start()
        tasks = [asyncio.create_task(run()) for run in (instance.worker.run, instance.sharing.run)]
        try:
            yield instance
        finally:
            assert not any(task.done() for task in tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await instance.sharing.stop()

    async def say(self, words: str) -> None:
        """Give every shard one command: a word for each."""
        for shard, word in enumerate(words):
            body = delivery(1, word).body
            await self.bus.publish(
                Outgoing(COMMANDS, f"m.{shard}", COMMAND_BATCH, body, is_mandatory=True),
                timeout_s=1,
            )
        await settle()

    async def close(self) -> None:
        await self._opened.aclose()
