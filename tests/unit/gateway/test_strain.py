"""What a gateway can see of its own load raises its pressure, and is told once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from libs.common.contracts.ids import ConnectionId
from libs.common.metrics import Metrics
from services.gateway.connection.tally import Tally
from services.gateway.core.pressure import Level
from services.gateway.hub.hub import Hub
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock, settle
from tests.unit.gateway.pressed import relief_for
from tests.unit.gateway.speaking import NOW


class LateClock(SetClock):
    """A clock by which whoever slept wakes `late_s` too late."""

    late_s = 0.0

    async def sleep(self, duration_s: float) -> None:
        await super().sleep(duration_s + self.late_s)


class FakeInbox:
    waiting_bytes = 0
    wait_s = 0.0

    def waited_s(self, now: float) -> float:
        return self.wait_s


class Rig:
    def __init__(self) -> None:
        self.clock, self.inbox, self.registry = LateClock(NOW), FakeInbox(), CollectorRegistry()
        self.settings = GatewaySettings()
        self.relief = relief_for(
            Hub(self.clock),
            self.clock,
            settings=self.settings,
            tally=Tally(Metrics(self.registry, "gateway")),
        )
        [self.strain] = [one for one in self.relief.workers(self.inbox) if one.name == "strain"]

    async def level_after(self, seconds: float) -> Level:
        await self.clock.advance(seconds)
        return self.relief.pressure.level


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig()
    working = asyncio.create_task(rig.strain.run())
    await settle()
    yield rig
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_a_gateway_without_load_is_calm(rig: Rig) -> None:
    assert await rig.level_after(60) is Level.CALM


async def test_a_late_loop_is_pressure(rig: Rig) -> None:
    rig.clock.late_s = rig.settings.loop_late_overloaded_s

    assert await rig.level_after(3) is Level.OVERLOADED


async def test_what_waits_long_is_pressure(rig: Rig) -> None:
    rig.inbox.wait_s = rig.settings.inbox_wait_busy_s

    assert await rig.level_after(2) is Level.BUSY


async def test_that_much_waits_is_pressure(rig: Rig) -> None:
    rig.inbox.waiting_bytes = rig.settings.inbox_overloaded_bytes

    assert await rig.level_after(2) is Level.OVERLOADED


async def test_a_slow_owner_is_pressure_until_nobody_waits_for_it(rig: Rig) -> None:
    rig.relief.unanswered.add("m.1", (ConnectionId("c"), "r"), rig.clock.monotonic())

    assert await rig.level_after(3) is Level.BUSY
    assert await rig.level_after(60) is Level.CALM
    assert len(rig.relief.unanswered) == 0


async def test_each_change_is_told_once(rig: Rig) -> None:
    with capture_logs() as logs:
        rig.inbox.wait_s = 0.7
        await rig.level_after(3)
        rig.inbox.wait_s = 0.0
        await rig.level_after(4)

    [entry] = [one for one in logs if one["event"] == "pressure_changed"]
    assert (entry["before"], entry["level"], entry["inbox_wait_s"]) == (0, 2, 0.7)
    assert rig.registry.get_sample_value("chat_gateway_pressure_level_count") == 2

    await rig.level_after(20)
    assert rig.registry.get_sample_value("chat_gateway_pressure_level_count") == 0
