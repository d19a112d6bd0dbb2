"""One talk, and what it cost: CPU, memory, messages of the bus, sizes of batches.

What must be asked for is asked while nobody talks; only the kernel's counts, which cost next to
nothing to read, are taken at the very beginning and end of the talk.
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from tests.bench import numbers
from tests.bench.generator import Enter, Flood, Generator, Pace
from tests.bench.numbers import Batches
from tests.bench.people import gather
from tests.bench.processes import cpu_s
from tests.bench.shapes import BrokerCounts, Running
from tests.bench.tally import Outcome

LAST_WORDS_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What each part used in a talk, and what it held at its end."""

    cpu_s: Mapping[str, float]
    memory_bytes: Mapping[str, float]
    load_cpu_s: float
    seconds: float

    @property
    def cores(self) -> float:
        """How many cores were busy, the load's included."""
        return (sum(self.cpu_s.values()) + self.load_cpu_s) / self.seconds


@dataclass(frozen=True, slots=True)
class Amqp:
    """Messages of the bus in one talk: as services count them, and as the broker does."""

    published: Mapping[str, float]
    """By exchange."""

    delivered: Mapping[str, float]
    """To queues, and to inboxes."""

    broker: BrokerCounts | None


@dataclass(frozen=True, slots=True)
class Measured:
    outcome: Outcome
    acked_in_time: int
    """Messages acknowledged before the talk ended."""

    cost: Cost
    amqp: Amqp
    batches: Batches


async def entered(running: Running, generator: Generator, *, rooms: int, members: int) -> None:
    """Let everybody register, and take their seats."""
    say(f"Registering {rooms * members} people")
    seats = await gather(running.url, running.gateway_ports, rooms=rooms, members=members)
    await generator.do(Enter(seats, members - 1))
    pids = {**running.pids, "load": generator.pid}
    say("Processes: " + ", ".join(f"{name} {pid}" for name, pid in pids.items()))


async def warmed_up(generator: Generator, wish: Pace | Flood) -> None:
    """Let people talk, and wait until all was heard."""
    say(f"Warming up for {wish.seconds:g} s")
    await generator.do(wish)
    await generator.outcome(at_most_s=LAST_WORDS_S)


async def measured(running: Running, generator: Generator, wish: Pace | Flood) -> Measured:
    """Let people talk, and return what came of it once all was heard."""
    say(f"Measuring for {wish.seconds:g} s")
    before, broker_before = await numbers.fetch(running.insides), await running.broker_counts()
    began = _Spent.so_far(running, generator)
    acked = await generator.do(wish)
    ended = _Spent.so_far(running, generator)
    outcome = await generator.outcome(at_most_s=LAST_WORDS_S)
    memory = running.parts.memory_bytes()
    grown = numbers.grown(before, await numbers.fetch(running.insides))
    return Measured(
        outcome,
        acked,
        ended.cost_since(began, memory),
        Amqp(
            numbers.by_label(grown, numbers.PUBLISHED),
            numbers.by_label(grown, numbers.DELIVERED),
            _since(broker_before, await running.broker_counts()),
        ),
        numbers.batches(grown),
    )


@dataclass(frozen=True, slots=True)
class _Spent:
    """CPU seconds so far, and the time at which it was so."""

    by_part: Mapping[str, float]
    load_s: float
    at: float

    @classmethod
    def so_far(cls, running: Running, generator: Generator) -> Self:
        return cls(running.parts.cpu_s(), cpu_s(generator.pid), time.perf_counter())

    def cost_since(self, earlier: "_Spent", memory_bytes: Mapping[str, float]) -> Cost:
        return Cost(
            {part: spent - earlier.by_part.get(part, 0.0) for part, spent in self.by_part.items()},
            memory_bytes,
            self.load_s - earlier.load_s,
            self.at - earlier.at,
        )


def say(line: str) -> None:
    """Tell who waits what is going on, apart from the table."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _since(before: BrokerCounts | None, after: BrokerCounts | None) -> BrokerCounts | None:
    if before is None or after is None:
        return None
    return BrokerCounts(after.received - before.received, after.delivered - before.delivered)
