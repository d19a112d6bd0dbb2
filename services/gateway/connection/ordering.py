"""Makes what puts commands on the bus: one list for each shard of each owner."""

from functools import partial

from libs.common.bus.sender import CommandSender
from libs.common.process import Process
from services.gateway.connection.sending import tell_refused
from services.gateway.core.unanswered import Unanswered
from services.gateway.hub.people import People
from services.gateway.settings import GatewaySettings


def new_sender(
    settings: GatewaySettings, process: Process, people: People, unanswered: Unanswered
) -> CommandSender:
    return CommandSender(
        process.bus,
        [f"{owner}.{shard}" for owner in "mp" for shard in range(process.spread.shards)],
        on_refused=partial(tell_refused, people, unanswered),
        publish_timeout_s=settings.publish_timeout_s,
        linger_s=settings.linger_ms / 1000,
        clock=process.clock,
        chance=process.chance,
    )
