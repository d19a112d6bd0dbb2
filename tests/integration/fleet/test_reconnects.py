"""What a process shows of its connections to the broker."""

from libs.common.bus.rabbit.bus import RabbitBus
from tests.contract.bus_promises import PATIENCE_S
from tests.integration.bus.cable import laid_to
from tests.integration.bus.opening import open_bus
from tests.integration.fleet.conftest import Broker
from tests.support.waiting import eventually


async def reconnected(bus: RabbitBus, times: int) -> None:
    async def is_so() -> bool:
        return set(bus.reconnects().values()) == {times}

    await eventually(is_so, bool, within_s=PATIENCE_S)


async def test_each_connection_that_is_made_again_is_counted(broker: Broker) -> None:
    async with laid_to(broker.url("gateway")) as cable:
        bus = await open_bus(cable.url)
        assert bus.reconnects() == {"publishing": 0, "consuming": 0}

        for times in (1, 2):
            cable.cut()
            await reconnected(bus, times)

        await bus.close()
