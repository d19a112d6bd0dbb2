"""The in-process bus keeps the promises of a bus."""

from collections.abc import AsyncIterator

import pytest

from libs.common.bus.interface import Bus, Unconfirmed
from libs.common.bus.local import LocalBus
from libs.common.clock import SystemClock
from tests.contract.bus_promises import ROOM_7, BusPromises, Reader, command


@pytest.fixture
async def bus() -> AsyncIterator[Bus]:
    bus = LocalBus(SystemClock())
    yield bus
    await bus.close()


class TestLocalBus(BusPromises):
    """The promises, kept in-process."""


async def test_publishing_never_waits_longer_than_its_limit() -> None:
    """Only the in-process bus waits for consumers; a broker's confirm is another matter."""
    bus = LocalBus(SystemClock())
    await bus.consume(ROOM_7, Reader(), prefetch=10)

    with pytest.raises(Unconfirmed):
        await bus.publish(command(b"kept", must_survive=True), timeout_s=0.01)
