"""The queues that outlive everybody: made before anybody publishes, so that nothing goes astray.

A fact that is published before the service that keeps it has ever run would find no queue, and be
gone; a command would be refused. So whoever starts an installation makes them first: the fleet, or
`python -m services queues`. What they are like is said in `libs.common.bus.topology` alone, where
the services that consume them have it from too.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Final

from libs.common import logs
from libs.common.bus.interface import Queue
from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.bus.topology import (
    dead_letters,
    person_commands,
    room_commands,
)
from libs.common.chance import Chance, SystemChance
from libs.common.clock import Clock, SystemClock
from libs.common.errors import Unavailable
from libs.common.facts import BLOCKS, USERS
from libs.common.settings import load
from services.builders.saying import say
from services.nodes.folder import StartFailed

KEEPING_FACTS: Final = ("rooms", "messages")


async def run(environ: Mapping[str, str]) -> int:
    """Make the queues on the broker in BUS_URL and return the exit status; may be repeated.

    Raises: CannotStart, SettingsInvalid: they say what to do.
    """
    settings = load(BrokerSettings, "BUS_", environ=environ)
    clock = SystemClock()
    quietly = load(logs.LogSettings, "", environ={"LOG_LEVEL": "warning", **environ})
    logs.configure(quietly, clock, instance="queues", stream=sys.stdout)
    await prepare(settings, instance="queues", clock=clock, chance=SystemChance(clock))
    say(f"The broker has the queues of {settings.shards} shards")
    return 0


async def prepare(settings: BrokerSettings, *, instance: str, clock: Clock, chance: Chance) -> None:
    """Make the exchanges, which services may only look for, and the queues that stay.

    What is there already is left as it is.  Raises: CannotStart.
    """
    bus = await RabbitBus.connect(settings, instance=instance, clock=clock, chance=chance)
    try:
        for queue in lasting_queues(settings.shards):
            await bus.declare(queue)
    except Unavailable:
        raise StartFailed(
            "The broker in BUS_URL went away while its queues were made: its log may say why."
        ) from None
    finally:
        await bus.close()


def lasting_queues(shards: int) -> Iterator[Queue]:
    """Yield every queue that stays when its consumers go."""
    yield dead_letters()
    for service in KEEPING_FACTS:
        yield USERS.queue(service)
    yield BLOCKS.queue("messages")
    for shard in range(shards):
        yield room_commands(shard)
        yield person_commands(shard)
