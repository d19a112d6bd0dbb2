"""A gateway is asked for twice as much as it can do: messages go on, and the rest gives way.

    python -m tests.bench.overload --readers 1000 --seconds 4

One gateway with real sockets, and a bus and owners in the same process; the readers are in another
one. First there is talk alone. Then it is found how many signals (typing and presence) the
gateway can deal out in a second, and there is talk with twice as many signals: until the gateway
notices, and while it leaves them out. Then there is talk alone until it is calm, and in the end a
few signals. The talk itself takes a small part of what the gateway can do.
"""

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from statistics import quantiles
from typing import Any, Final
from uuid import UUID

import structlog

from libs.common.bus.interface import Outgoing
from libs.common.bus.topology import EVENTS, bucket_key
from libs.common.contracts.events import SIGNAL_BATCH, RoomEvent, Signal, SignalKind, encode_batch
from libs.common.contracts.ids import PersonId, RoomId, Seq
from services.gateway.consumers.inbox import GatewayInbox
from tests.bench.audience import Audience, Heard, audience
from tests.bench.report import table
from tests.integration.gateway.house import SPREAD, House, house
from tests.integration.gateway.raw import HANDSHAKE
from tests.unit.gateway.fakes import LOBBY

MESSAGES_PER_S: Final = 20.0
"""Of a lively room; it may have 30."""

TIMES: Final = 2.0
MORE: Final = 1.1
"""So many times as much after each look at which it was not enough."""

PEOPLE: Final = 500
BATCH: Final = 20
"""Signals in one delivery of the bus."""

BATCHES_AT_ONCE: Final = 5

STEP_S: Final = 0.01
SHORT_WAIT_S: Final = 0.1
"""So long waits what is next at a gateway that is fully used and not yet pressed."""

LOOK_S: Final = 0.5
PATIENCE_S: Final = 60.0
BREATH_S: Final = 1.0
A_FEW_PER_S: Final = 100.0
CALM, OVERLOADED = 0, 2
TEXT: Final = "x" * 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the witnesses heard in each part, and what else came of it.

    `newcomer` is the first line that one heard who came while the gateway was overloaded.
    """

    capacity_per_s: float
    offered_per_s: float
    alone: Heard
    rising: Heard
    overloaded: Heard
    newcomer: str
    calming: Heard
    calm_after_s: float
    told_anew: Sequence[Sequence[RoomId]]
    again: Heard


class Load:
    """Says what owners and other gateways say."""

    def __init__(self, home: House) -> None:
        self._home = home
        self._seqs = count(1)
        self._batches = cycle(_batches())
        self._inbox = _inbox_of(home)

    async def talk(self, seconds: float, *, signals_per_s: float = 0.0) -> None:
        """Publish messages at an even pace, and so many signals beside."""
        began = time.monotonic()
        messages = signals = 0
        while (gone := time.monotonic() - began) < seconds:
            while messages < gone * MESSAGES_PER_S:
                messages += 1
                await self._say()
            batches = int((gone * signals_per_s - signals) / BATCH)
            signals += batches * BATCH
            await self._signal(batches)
            await asyncio.sleep(STEP_S)

    async def signals_per_s(self, seconds: float) -> float:
        """Return how many signals are dealt out in a second of this process's CPU time, when there
        is always a next one: what a machine has that does nothing else.
        """
        began, dealt, used_s = time.monotonic(), 0, time.process_time()
        while (now := time.monotonic()) < began + seconds:
            if self._inbox.waited_s(now) < SHORT_WAIT_S:
                await self._signal(BATCHES_AT_ONCE)
                dealt += BATCHES_AT_ONCE * BATCH
            else:
                await asyncio.sleep(0)
        return dealt / (time.process_time() - used_s)

    async def _say(self) -> None:
        seq = next(self._seqs)
        frame = (
            f'{{"type":"message","room_id":"{LOBBY}","seq":{seq},"data":'
            f'{{"content":"{TEXT}","sent":{time.monotonic()}}}}}'
        )
        event = RoomEvent(LOBBY, Seq(seq), frame.encode())
        self._home.messages.log().events = [event]
        await self._home.publish(event)

    async def _signal(self, batches: int) -> None:
        """Publish so many batches in the same turn of the loop."""
        publish = self._home.bus.publish
        sent = [publish(next(self._batches), timeout_s=1) for _ in range(batches)]
        await asyncio.gather(*sent)


def _batches() -> list[Outgoing]:
    signals = [_signal(number) for number in range(PEOPLE)]
    key = bucket_key("s", LOBBY, SPREAD.event_buckets)
    return [
        Outgoing(EVENTS, key, SIGNAL_BATCH, encode_batch(signals[at : at + BATCH]))
        for at in range(0, PEOPLE, BATCH)
    ]


def _signal(number: int) -> Signal:
    person_id = PersonId(UUID(int=1_000 + number, version=4))
    # What is left without typing is still more than can be dealt out.
    kind: SignalKind = "presence" if number % 4 else "typing"
    data = f'{{"person_id":"{person_id}","state":"online","rev":{number}}}'
    frame = f'{{"type":"{kind}","ts":"","room_id":"{LOBBY}","data":{data}}}'
    return Signal(LOBBY, kind, person_id, frame.encode())


def _inbox_of(home: House) -> GatewayInbox:
    run = next(worker.run for worker in home.service.workers if worker.name == "strain")
    strain: Any = getattr(run, "__self__")  # noqa: B009 - a method, as far as a test knows
    inbox: GatewayInbox = getattr(strain, "_inbox")  # noqa: B009 - as above
    return inbox


async def run(readers: int, *, seconds: float, **knobs: Any) -> Outcome:
    """Measure. Talk alone takes so long, each other part half of that or what it takes."""
    room_for_all: dict[str, Any] = {
        "unauthenticated_per_address": readers,
        "authenticating": readers,
        "connections_per_person": readers,
        "resumes_per_s": float(readers),
        "lease_renew_s": 1e6,
        "heartbeat_s": 1e6,
    }
    async with house(has_owners=True, **room_for_all, **knobs) as home:
        with audience(home.port, readers) as listening:
            stage = Stage(home, Load(home), listening)
            await stage.until(lambda heard: heard.counts["room_joined"] > 0)
            await stage.until(lambda heard: heard.pressures[-1:] == [CALM])
            return await _measured(stage, seconds)


async def _measured(stage: "Stage", seconds: float) -> Outcome:
    alone = await stage.talk(seconds)
    capacity = await stage.load.signals_per_s(seconds / 2)
    await stage.talk(BREATH_S)
    rising, offered = await stage.until_overloaded(TIMES * capacity)
    newcomer = await _knock(stage.home.port)
    overloaded = await stage.talk(seconds / 2, signals_per_s=offered)
    began = time.monotonic()
    calming = await stage.until(lambda heard: heard.pressures[-1:] == [CALM])
    calm_after_s = time.monotonic() - began
    again = await stage.until(lambda heard: heard.counts["typing"] > 0, signals_per_s=A_FEW_PER_S)
    return Outcome(
        capacity_per_s=capacity,
        offered_per_s=offered,
        alone=alone,
        rising=rising,
        overloaded=overloaded,
        newcomer=newcomer,
        calming=calming,
        calm_after_s=calm_after_s,
        told_anew=stage.home.presence.shown,
        again=again,
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """The gateway, those who talk and those who listen."""

    home: House
    load: Load
    listening: Audience

    async def talk(self, seconds: float, *, signals_per_s: float = 0.0) -> Heard:
        """Return what was heard of talk that took so long."""
        await self.load.talk(seconds, signals_per_s=signals_per_s)
        # In a thread: the readers may wait for what this very loop sends.
        return await asyncio.to_thread(self.listening.heard)

    async def until(self, is_so: Callable[[Heard], bool], *, signals_per_s: float = 0.0) -> Heard:
        """Return what was heard of talk that went on until it was so."""
        heard = Heard()
        async with asyncio.timeout(PATIENCE_S):
            while not is_so(heard):
                heard += await self.talk(LOOK_S, signals_per_s=signals_per_s)
        return heard

    async def until_overloaded(self, signals_per_s: float) -> tuple[Heard, float]:
        """Return what was heard until it was, and how many signals that took: what is left out
        first may have been most of the work, and then there must be more of the rest.
        """
        heard = Heard()
        async with asyncio.timeout(PATIENCE_S):
            while heard.pressures[-1:] != [OVERLOADED]:
                heard += await self.talk(LOOK_S, signals_per_s=signals_per_s)
                signals_per_s *= MORE
        return heard, signals_per_s


async def _knock(port: int) -> str:
    """Return the first line that a newcomer hears."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HANDSHAKE)
    line = await reader.readline()
    writer.close()
    return line.decode().strip()


def p99_s(ages_s: Sequence[float]) -> float:
    return quantiles(ages_s, n=100)[98]


def report(outcome: Outcome, readers: int) -> str:
    """Return the table."""
    parts = {
        "alone": outcome.alone,
        "twice as much, at first": outcome.rising,
        "twice as much": outcome.overloaded,
        "alone, until it is calm": outcome.calming,
        "a few signals": outcome.again,
    }
    rows = [
        ("readers", f"{readers}"),
        ("messages per second", f"{MESSAGES_PER_S:.0f}"),
        ("signals dealt out per second, at most", f"{outcome.capacity_per_s:,.0f}"),
        ("deliveries that these are", f"{outcome.capacity_per_s * readers:,.0f}"),
        ("signals offered per second", f"{outcome.offered_per_s:,.0f}"),
        ("a newcomer hears meanwhile", outcome.newcomer),
        ("calm again after", f"{outcome.calm_after_s:.1f} s"),
    ]
    for name, heard in parts.items():
        counts = heard.counts
        rows += [
            (f"{name}: message p50, p99", _ages(heard)),
            (f"{name}: typing, presence", f"{counts['typing']:,}, {counts['presence']:,}"),
            (f"{name}: pressure", " ".join(map(str, heard.pressures))),
        ]
    return table(rows)


def _ages(heard: Heard) -> str:
    middle = quantiles(heard.ages_s, n=2)[0]
    return f"{middle * 1000:.1f} ms, {p99_s(heard.ages_s) * 1000:.1f} ms"


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--readers", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    outcome = asyncio.run(run(chosen.readers, seconds=chosen.seconds))
    sys.stdout.write(f"{report(outcome, chosen.readers)}\n")


if __name__ == "__main__":
    main()
