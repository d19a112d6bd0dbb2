"""What a service that went mad could put on the bus, and nobody can make sense of or obey.

Each is published raw, as the broker's user of a service that may write there, to a queue that all
others need. The dead letters are read as the user of messages, who may.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from libs.common.bus.interface import Bus, Delivery, Exchange, Outgoing
from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.bus.topology import COMMANDS, DEAD, DEAD_KEY, EVENTS, FACTS, dead_letters
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.contracts.commands import COMMAND_BATCH
from libs.common.contracts.events import EVENT_BATCH, PERSONAL_BATCH
from libs.common.contracts.facts import FACT, SESSION_REVOKED, USER_UPDATED
from libs.common.settings import load
from tests.support.fleet import Fleet
from tests.support.processes import environment
from tests.support.waiting import eventually

PUBLISH_TIMEOUT_S: Final = 10.0
PREFETCH: Final = 1_000

SHARDS: Final = 8
LONG_AFTER: Final = 4e9
"""A deadline that does not pass: it is no way out of obeying."""

NO_BATCH: Final = b"\0\xc1 this is no batch"
JSON: Final = b'[{"kind": "post", "content": "hello"}]'
NUMBERS: Final = msgspec.msgpack.encode([1, 2, 3])
FROM_TOMORROW: Final = "v9"
NOBODY: Final = UUID(int=7)


def _command(kind: str, payload: object) -> bytes:
    """Return a batch of one command that is whole but for what it says."""
    actor = ["user", NOBODY, "Mallory"]
    envelope = [kind, NOBODY, actor, "poison", None, "", "c", "r", "", LONG_AFTER]
    return msgspec.msgpack.encode([[*envelope, payload]])


@dataclass(frozen=True, slots=True)
class Poison:
    """`teller`: as whom it is published. `buried`: how many dead letters it comes to."""

    teller: str
    exchange: Exchange
    key: str
    type: str
    body: bytes
    buried: int

    async def publish(self, bus: Bus, *, shard: int) -> None:
        """Put it before those who obey this shard, if it is for one shard's owner."""
        key = self.key.format(shard=shard)
        await bus.publish(
            Outgoing(self.exchange, key, self.type, self.body, is_mandatory=True),
            timeout_s=PUBLISH_TIMEOUT_S,
        )


def _to_messages(type_: str, body: bytes) -> Poison:
    return Poison("gateway", COMMANDS, "m.{shard}", type_, body, 1)


def _to_presence(type_: str, body: bytes) -> Poison:
    return Poison("gateway", COMMANDS, "p.{shard}", type_, body, 1)


def _facts(type_: str, body: bytes, *, buried: int = 2) -> Poison:
    """Return what both services hear that keep facts of auth."""
    return Poison("auth", FACTS, USER_UPDATED, type_, body, buried)


def _to_gateways(exchange: Exchange, key: str, type_: str, body: bytes) -> Poison:
    """Return what nobody buries: a gateway's own queue keeps nothing anyway."""
    teller = "auth" if exchange is FACTS else "messages"
    return Poison(teller, exchange, key, type_, body, 0)


NUL_NAME: Final = msgspec.msgpack.encode(
    {
        "person_id": NOBODY,
        "kind": "user",
        "name": "a\0b",
        "system_role": "member",
        "is_disabled": False,
        "version": 1,
    }
)

POISONS: Final[Mapping[str, Poison]] = {
    "messages: no batch": _to_messages(COMMAND_BATCH, NO_BATCH),
    "messages: json": _to_messages(COMMAND_BATCH, JSON),
    "messages: another version": _to_messages(FROM_TOMORROW, _command("post", ["hello"])),
    "messages: another form": _to_messages(COMMAND_BATCH, NUMBERS),
    "messages: an unknown kind": _to_messages(COMMAND_BATCH, _command("explode", [])),
    "messages: a payload of another kind": _to_messages(COMMAND_BATCH, _command("edit", ["?"])),
    "messages: what Postgres never takes": _to_messages(
        COMMAND_BATCH, _command("project_room", [1, "public", "open", "a\0b", "", 0])
    ),
    "presence: no batch": _to_presence(COMMAND_BATCH, NO_BATCH),
    "presence: json": _to_presence(COMMAND_BATCH, JSON),
    "presence: another version": _to_presence(FROM_TOMORROW, _command("set_presence", ["away"])),
    "presence: another form": _to_presence(COMMAND_BATCH, NUMBERS),
    "presence: an unknown kind": _to_presence(COMMAND_BATCH, _command("explode", [])),
    "facts: no fact": _facts(FACT, NO_BATCH),
    "facts: json": _facts(FACT, JSON),
    "facts: another version": _facts(FROM_TOMORROW, NUL_NAME),
    "facts: another form": _facts(FACT, NUMBERS),
    # Messages keeps names of people who have written, and this one has not.
    "facts: what Postgres never takes": _facts(FACT, NUL_NAME, buried=1),
    "gateways: no batch": _to_gateways(EVENTS, "e.1.0", EVENT_BATCH, NO_BATCH),
    "gateways: another version": _to_gateways(EVENTS, "e.1.0", FROM_TOMORROW, NO_BATCH),
    "gateways: another form": _to_gateways(EVENTS, "u.1.0", PERSONAL_BATCH, NUMBERS),
    "gateways: no fact": _to_gateways(FACTS, SESSION_REVOKED, FACT, JSON),
}


@asynccontextmanager
async def speaking_as(fleet: Fleet, service: str) -> AsyncIterator[Bus]:
    """Yield the fleet's bus as it is to one of its services."""
    process = service if service in fleet.members() else f"{service}-1"
    clock = SystemClock()
    bus = await RabbitBus.connect(
        load(BrokerSettings, "BUS_", environ=_bus_settings(fleet.pid(process))),
        instance="poisoner",
        clock=clock,
        chance=SystemChance(clock),
    )
    try:
        yield bus
    finally:
        await bus.close()


def _bus_settings(pid: int) -> dict[str, str]:
    return {name: it for name, it in environment(pid).items() if name.startswith("BUS_")}


@asynccontextmanager
async def all_tellers(fleet: Fleet) -> AsyncIterator[Mapping[str, Bus]]:
    """Yield the bus as it is to each of those in whose name something is published."""
    async with AsyncExitStack() as opened:
        yield {
            name: await opened.enter_async_context(speaking_as(fleet, name))
            for name in sorted({poison.teller for poison in POISONS.values()})
        }


@asynccontextmanager
async def dead_letters_of(fleet: Fleet) -> AsyncIterator[list[Delivery]]:
    """Yield a list that each dead letter comes into from now on. Older ones are thrown away."""
    found: list[Delivery] = []
    until_now = Outgoing(DEAD, DEAD_KEY, "until now", b"")

    async def have_come() -> bool:
        return any(letter.type == until_now.type for letter in found)

    async with speaking_as(fleet, "messages") as bus:
        consumer = await bus.consume(dead_letters(), found.append, prefetch=PREFETCH)
        await bus.publish(until_now, timeout_s=PUBLISH_TIMEOUT_S)
        await eventually(have_come, bool)
        consumer.settle(found[-1])
        found.clear()
        yield found
        for letter in found[-1:]:
            consumer.settle(letter)
        await consumer.close()


async def publish_all(fleet: Fleet, chance: random.Random) -> None:
    """Publish each of them once, in any order."""
    poisons = chance.sample(list(POISONS.values()), len(POISONS))
    async with all_tellers(fleet) as tellers:
        for poison in poisons:
            await poison.publish(tellers[poison.teller], shard=chance.randrange(SHARDS))
            await asyncio.sleep(chance.uniform(0, 0.2))
