"""Starts Hubbub in one of its shapes, and tells where it is reached and which process is what."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from services.fleet import state
from tests.bench.processes import Parts
from tests.support.fleet import Fleet
from tests.support.program import Program

EMBEDDED: Final = "embedded"
SPLIT: Final = "split"
SHAPES: Final = (EMBEDDED, SPLIT)

PROGRAM: Final = "program"
OTHERS: Final = "other services"
GUARDS: Final = "guards"

ON_THEIR_OWN: Final = ("gateway", "messages")
"""Services that are parts of their own."""

ALL_FROM_HERE: Final = {
    "AUTH_REGISTRATIONS_BURST": "100000",
    "GATEWAY_UNAUTHENTICATED_PER_ADDRESS": "1000",
}
"""Everybody comes from one address. Nothing else differs from what everybody runs."""

ASK_FOR_COUNTS: Final = "rabbit_global_counters:overview()."
COUNTED: Final = re.compile(r"\bmessages_(received|delivered)_total => (\d+)")
"""Over all kinds of queues."""


@dataclass(frozen=True, slots=True)
class BrokerCounts:
    """AMQP messages that the broker has got and given since it started."""

    received: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Running:
    """A Hubbub that runs. `insides` is where all its processes have their metrics."""

    url: str
    gateway_ports: tuple[int, ...]
    insides: tuple[str, ...]
    pids: Mapping[str, int]
    parts: Parts
    root: int
    """The process that has started all others."""

    folder: Path
    broker_counts: Callable[[], Awaitable[BrokerCounts | None]]
    """Asks the broker's own tool, which takes half a second; None where there is no broker."""


@asynccontextmanager
async def started(shape: str, folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Running]:
    """Run a Hubbub on a folder, with these settings besides those of `ALL_FROM_HERE`."""
    start = {EMBEDDED: _embedded, SPLIT: _split}[shape]
    async with start(folder, {**ALL_FROM_HERE, **settings}) as running:
        yield running


@asynccontextmanager
async def _embedded(folder: Path, settings: dict[str, str]) -> AsyncIterator[Running]:
    async with Program(folder, settings=settings) as program:
        yield Running(
            url=program.url,
            gateway_ports=(program.port,),
            insides=(program.inside,),
            pids={PROGRAM: program.pid},
            parts=Parts(program.pid, {program.pid: PROGRAM}, rest=GUARDS),
            root=program.pid,
            folder=folder,
            broker_counts=_none,
        )


@asynccontextmanager
async def _split(folder: Path, settings: dict[str, str]) -> AsyncIterator[Running]:
    async with Fleet(folder, settings=settings) as fleet:
        members = list(fleet.members().values())
        # Past the balancer: a proxy in Python would cost more than what is measured.
        gateways = [member["api"] for member in members if member["service"] == "gateway"]
        root = state.read(folder)["pid"]
        part_of = {
            member["pid"]: member["service"] if member["service"] in ON_THEIR_OWN else OTHERS
            for member in members
        }

        async def counts() -> BrokerCounts:
            return read_counts(await fleet.rabbitmqctl("eval", ASK_FOR_COUNTS))

        yield Running(
            url=gateways[0],
            gateway_ports=tuple(urlsplit(api).port or 0 for api in gateways),
            insides=tuple(member["inside"] for member in members),
            pids={member["name"]: member["pid"] for member in members},
            parts=Parts(root, part_of, rest=GUARDS),
            root=root,
            folder=folder,
            broker_counts=counts,
        )


def read_counts(answer: str) -> BrokerCounts:
    """Return what stands in Erlang's notation of the broker's global counters."""
    sums = {"received": 0, "delivered": 0}
    for name, digits in COUNTED.findall(answer):
        sums[name] += int(digits)
    return BrokerCounts(**sums)


async def _none() -> None:
    return None
