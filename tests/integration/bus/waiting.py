"""Waiting for what a broker does in its own time."""

from libs.common.bus.interface import Bus
from tests.support.waiting import eventually

PATIENCE_S = 5.0


async def eventually_not_ready(bus: Bus, *, within_s: float = PATIENCE_S) -> None:
    await eventually(bus.is_ready, lambda is_ready: not is_ready, within_s=within_s)
