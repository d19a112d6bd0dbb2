"""How the tests connect: as a process does, only less patient."""

from typing import Any

from pydantic import SecretStr

from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock


def settings_of(url: str, **more: Any) -> BrokerSettings:
    return BrokerSettings(url=SecretStr(url), reconnect_s=0.2, **more)


async def open_bus(url: str, **more: Any) -> RabbitBus:
    clock = SystemClock()
    return await RabbitBus.connect(
        settings_of(url, **more), instance="test", clock=clock, chance=SystemChance(clock)
    )
