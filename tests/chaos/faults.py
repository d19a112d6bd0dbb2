"""What can go wrong with separate processes, each as something that can be done to a fleet."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from services.nodes.rabbitmq.options import DISK_FREE_LIMIT
from tests.support.fleet import Fleet

PAUSE_S: Final = (3.0, 8.0)
"""How long something stands still, or the network carries nothing."""

MORE_THAN_ANY_DISK: Final = "1000000GB"

Fault = Callable[[Fleet, random.Random], Awaitable[None]]


async def kill(name: str, fleet: Fleet, _: random.Random) -> None:
    """End it as a crash does; the fleet starts it again."""
    fleet.signal(name, signal.SIGKILL)


async def restart(name: str, fleet: Fleet, _: random.Random) -> None:
    """End it in order, as a new version's arrival does; the fleet starts it again."""
    fleet.signal(name, signal.SIGTERM)


async def suspend(name: str, fleet: Fleet, chance: random.Random) -> None:
    """Let it stand still for a while, and go on as if nothing had been."""
    fleet.signal(name, signal.SIGSTOP)
    try:
        await asyncio.sleep(chance.uniform(*PAUSE_S))
    finally:
        fleet.signal(name, signal.SIGCONT)


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


FAULTS: Final[Mapping[str, Fault]] = {
    **{
        f"kill {name}": partial(kill, name)
        for name in (
            "rabbitmq", "postgres", "auth", "rooms", "presence",
            "messages-1", "messages-2", "gateway-1", "gateway-2",
        )
    },
    **{
        f"restart {name}": partial(restart, name)
        for name in ("rooms", "messages-1", "messages-2", "gateway-1", "gateway-2")
    },
    **{
        f"suspend {name}": partial(suspend, name)
        for name in ("rabbitmq", "messages-1", "messages-2", "gateway-1", "rooms")
    },
    "fill the broker's disk": fill,
    "cut the network": cut,
    "lose the network": lose,
    "slow the network": slow,
}  # fmt: skip
