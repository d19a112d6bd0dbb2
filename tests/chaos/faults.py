"""What can go wrong with separate processes, each as something that can be done to a fleet."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from services.nodes.rabbitmq.options import DISK_FREE_LIMIT
from tests.chaos.apart import apart
from tests.chaos.poison import publish_all
from tests.chaos.standstill import away, is_there, standing_still, still
from tests.chaos.talk import LAST_WORDS
from tests.chaos.unruly.order import Order, restore
from tests.support.fleet import NODES, Fleet

PAUSE_S: Final = (3.0, 8.0)
"""How long something stands still, or the network carries nothing."""

FROZEN_S: Final = (45.0, 45.0)
"""Three times as long as it takes a broker or a gateway to give up on somebody."""

WRITES_EVERY_S: Final = 0.25
"""Less often than one person may."""

MORE_THAN_ANY_DISK: Final = "1000000GB"

Fault = Callable[[Fleet, random.Random], Awaitable[None]]


async def kill(name: str, fleet: Fleet, _: random.Random) -> None:
    """End it as a crash does; the fleet starts it again."""
    await is_there(name, fleet)
    fleet.signal(name, signal.SIGKILL)


async def restart(name: str, fleet: Fleet, _: random.Random) -> None:
    """End it in order, as a new version's arrival does; the fleet starts it again."""
    await is_there(name, fleet)
    leaving = fleet.pid(name)
    fleet.signal(name, signal.SIGTERM)
    await is_there(name, fleet, but=leaving)


async def suspend(
    name: str, pause_s: tuple[float, float], fleet: Fleet, chance: random.Random
) -> None:
    """Let it stand still for a while, and go on as if nothing had been."""
    async with still(name, fleet):
        await asyncio.sleep(chance.uniform(*pause_s))


async def suspend_client(pause_s: tuple[float, float], fleet: Fleet, chance: random.Random) -> None:
    """Let one more client stand still for a while, as a whole; return when it has caught up."""
    loop = asyncio.get_running_loop()
    async with apart(fleet, f"apart-{chance.randrange(2**32)}") as somebody:
        async with standing_still([somebody.pid]):
            until = loop.time() + chance.uniform(*pause_s)
            while loop.time() < until:
                await somebody.write()
                await asyncio.sleep(WRITES_EVERY_S)
        await somebody.write()
        await somebody.catches_up()


async def keep_down(name: str, fleet: Fleet, chance: random.Random) -> None:
    """End it as a crash does, and let it be away for a while."""
    async with away(name, fleet):
        await asyncio.sleep(chance.uniform(*PAUSE_S))


async def fill(fleet: Fleet, chance: random.Random) -> None:
    """Let the broker believe for a while that its disk is full: it takes no message then."""
    await fleet.rabbitmqctl("set_disk_free_limit", MORE_THAN_ANY_DISK)
    try:
        await asyncio.sleep(chance.uniform(*PAUSE_S))
    finally:
        await fleet.rabbitmqctl("set_disk_free_limit", DISK_FREE_LIMIT)


async def cut(fleet: Fleet, _: random.Random) -> None:
    """Cut every client's connection in the middle of whatever it carries."""
    fleet.front.reset()


async def lose(fleet: Fleet, chance: random.Random) -> None:
    """Let what clients and gateways send arrive nowhere for a while."""
    fleet.front.black_hole()
    await asyncio.sleep(chance.uniform(*PAUSE_S))
    fleet.front.clear_up()


async def slow(fleet: Fleet, chance: random.Random) -> None:
    """Let everything between clients and gateways be late for a while."""
    fleet.front.weather.delay_s = 0.2
    await asyncio.sleep(chance.uniform(*PAUSE_S))
    fleet.front.clear_up()


async def double_events(fleet: Fleet, chance: random.Random) -> None:
    """Let every event reach every gateway three times, each time late by chance, for a while."""
    Order(chance.randrange(2**32), copies=3, late_s=0.5).give(fleet.folder)
    await asyncio.sleep(chance.uniform(*PAUSE_S))
    restore(fleet.folder)


async def lose_events(fleet: Fleet, chance: random.Random) -> None:
    """Let one event in twenty not reach a gateway for a while, and the last of each room none."""
    seed = chance.randrange(2**32)
    Order(seed, lost=0.05, never=LAST_WORDS).give(fleet.folder)
    await asyncio.sleep(chance.uniform(*PAUSE_S))
    Order(seed, never=LAST_WORDS).give(fleet.folder)


async def poison(fleet: Fleet, chance: random.Random) -> None:
    """Put on the bus, in any order, what nobody can make sense of or obey."""
    await publish_all(fleet, chance)


KEEPING: Final = ("auth", "rooms", "presence")

FAULTS: Final[Mapping[str, Fault]] = {
    **{
        f"kill {name}": partial(kill, name)
        for name in (*NODES, *KEEPING, "messages-1", "messages-2", "gateway-1", "gateway-2")
    },
    **{
        f"restart {name}": partial(restart, name)
        for name in ("rooms", "messages-1", "messages-2", "gateway-1", "gateway-2")
    },
    **{
        f"suspend {name}": partial(suspend, name, PAUSE_S)
        for name in (*NODES, "messages-1", "messages-2", "gateway-1", "rooms")
    },
    "suspend a client": partial(suspend_client, PAUSE_S),
    **{f"keep down {name}": partial(keep_down, name) for name in KEEPING},
    "fill the broker's disk": fill,
    "cut the network": cut,
    "lose the network": lose,
    "slow the network": slow,
    "double and swap events": double_events,
    "lose events": lose_events,
    "poison the queues": poison,
}
"""Those that are over in seconds."""

LONG_FAULTS: Final[Mapping[str, Fault]] = {
    **{
        f"freeze {name}": partial(suspend, name, FROZEN_S)
        for name in (*NODES, "messages-1", "gateway-1", "rooms")
    },
    "freeze a client": partial(suspend_client, FROZEN_S),
}
"""Those that take so long that everybody gives up on who stands still."""
