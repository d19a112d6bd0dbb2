"""Drops the dead letters that name somebody: `python -m services drop-dead-letters ID`.

    take all that lie there -> none names them: all go back as they were
                            '-> lay the others there again -> let go of all that were taken

Who dies in between leaves some of the others there twice, and none less. An erasure does not do
this: no service may take what others buried, and whoever runs the server wants to know why it lies
there before it is gone. See: docs/privacy.md.
"""

import asyncio
import sys
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from libs.common import logs
from libs.common.bus.interface import Bus, Delivery, Outgoing
from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.bus.topology import DEAD, DEAD_KEY, DEAD_LENGTH, dead_letters
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.errors import Unavailable
from libs.common.settings import load
from services.builders.saying import say
from services.nodes.folder import StartFailed

QUIET_S: Final = 5.0
"""After how long without another one all that lie there have come; a broker that does much else
lets one wait for long."""

PUBLISH_S: Final = 5.0


async def run(person_id: UUID, environ: Mapping[str, str]) -> int:
    """Drop them from the broker in BUS_URL and return the exit status; may be repeated.

    Raises: CannotStart, SettingsInvalid: they say what to do.
    """
    settings = load(BrokerSettings, "BUS_", environ=environ)
    clock = SystemClock()
    quietly = load(logs.LogSettings, "", environ={"LOG_LEVEL": "warning", **environ})
    logs.configure(quietly, clock, instance="dead-letters", stream=sys.stdout)
    bus = await RabbitBus.connect(
        settings, instance="dead-letters", clock=clock, chance=SystemChance(clock)
    )
    try:
        dropped, left = await drop(bus, person_id, quiet_s=QUIET_S)
    except Unavailable:
        raise StartFailed(
            "The broker in BUS_URL went away: some dead letters may lie there twice. Try again."
        ) from None
    finally:
        await bus.close()
    say(f"Dropped {dropped} dead letters; {left} that do not name this person are left")
    return 0


async def drop(bus: Bus, person_id: UUID, *, quiet_s: float) -> tuple[int, int]:
    """Drop every dead letter that names a person; return how many, and how many are left.

    Raises: Unavailable.
    """
    found: list[Delivery] = []
    came = asyncio.Event()

    def take(delivery: Delivery) -> None:
        found.append(delivery)
        came.set()

    consumer = await bus.consume(dead_letters(), take, prefetch=DEAD_LENGTH, on_lost=found.clear)
    try:
        await _until_quiet(came, quiet_s)
        taken = list(found)
        name = str(person_id).encode()
        others = [one for one in taken if name not in one.body]
        if len(others) < len(taken):
            for one in others:
                again = Outgoing(DEAD, DEAD_KEY, one.type, one.body, reason=one.reason)
                await bus.publish(again, timeout_s=PUBLISH_S)
            consumer.settle(taken[-1])
    finally:
        await consumer.close()
    return len(taken) - len(others), len(others)


async def _until_quiet(came: asyncio.Event, quiet_s: float) -> None:
    while True:
        came.clear()
        try:
            await asyncio.wait_for(came.wait(), quiet_s)
        except TimeoutError:
            return
