"""The queues that outlive everybody: made before anybody publishes, so that nothing goes astray.

A fact that is published before the service that keeps it has ever run would find no queue, and be
gone; a command would be refused.
"""

from collections.abc import Iterator
from typing import Final

from libs.common.bus.interface import Bus, Queue
from libs.common.bus.topology import (
    dead_letters,
    facts_for,
    person_commands,
    room_commands,
)
from libs.common.facts import PATTERN

KEEPING_FACTS: Final = ("rooms", "messages")


def lasting_queues(shards: int) -> Iterator[Queue]:
    """Yield every queue that stays when its consumers go."""
    yield dead_letters()
    for service in KEEPING_FACTS:
        yield facts_for(service, PATTERN)
    for shard in range(shards):
        yield room_commands(shard)
        yield person_commands(shard)


async def declare_lasting(bus: Bus, *, shards: int) -> None:
    """Make them unless they are there.  Raises: BrokerUnusable."""
    for queue in lasting_queues(shards):
        await bus.declare(queue)
