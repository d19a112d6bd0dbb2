"""A desk for the tests of the worker: one shard, a clerk who notes what he does, a set clock."""

from collections.abc import Sequence

import msgspec

from libs.common.bus.intake import Intake, Taken
from libs.common.bus.interface import Consumer, Delivery
from libs.common.bus.worker import CommandWorker
from libs.common.contracts.commands import COMMAND_BATCH, PostMessage, encode_commands
from libs.common.contracts.ids import CommandId
from libs.common.errors import Unavailable
from tests.contract.samples import envelope
from tests.support.clock import SetClock


class Settled:
    """Stands where the bus's consumer stands and notes what is settled."""

    def __init__(self) -> None:
        self.tags: list[int] = []

    def settle(self, delivery: Delivery) -> None:
        self.tags.append(delivery.tag)

    async def close(self) -> None:
        return


class Clerk:
    """Obeys by noting; stumbles over the words it was told to stumble over."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.buried: list[tuple[str, str]] = []
        self.unreadable: list[bytes] = []
        self.poison: set[str] = set()
        self.put_aside: set[str] = set()
        self.aside: list[Taken] = []
        self.outages = 0
        self.known_tries: dict[str, int] = {}
        self.counted: list[list[str]] = []

    async def obey(self, batch: Sequence[Taken]) -> Sequence[Taken]:
        if self.outages:
            self.outages -= 1
            raise Unavailable
        words = names(batch)
        if self.poison & set(words):
            raise KeyError("poison")
        self.batches.append(words)
        aside = [taken for taken in batch if taken.command.command_id in self.put_aside]
        self.aside += aside
        return aside

    async def tries(self, batch: Sequence[Taken]) -> Sequence[int]:
        return [self.known_tries.get(word, 0) for word in names(batch)]

    async def count_try(self, batch: Sequence[Taken]) -> None:
        self.counted.append(names(batch))

    async def bury(self, taken: Taken, reason: str) -> None:
        self.buried.append((taken.command.command_id, reason))

    async def bury_unreadable(self, delivery: Delivery) -> None:
        self.unreadable.append(delivery.body)


def names(batch: Sequence[Taken]) -> list[str]:
    return [taken.command.command_id for taken in batch]


def delivery(tag: int, words: str, *, is_redelivered: bool = False) -> Delivery:
    """Return a delivery with one command for each letter of `words`."""
    commands = [
        msgspec.structs.replace(envelope(PostMessage(word)), command_id=CommandId(word))
        for word in words
    ]
    return Delivery("m.0", COMMAND_BATCH, encode_commands(commands), tag, is_redelivered)


class Desk:
    """A worker with one shard, its clerk and its clock."""

    def __init__(self) -> None:
        self.clerk = Clerk()
        self.clock = SetClock()
        self.worker = CommandWorker(self.clerk, self.clock)
        self.settled = Settled()
        self.intake = self.add_shard(self.settled)

    def add_shard(self, consumer: Consumer) -> Intake:
        intake = self.worker.add_intake()
        intake.consumer = consumer
        return intake
