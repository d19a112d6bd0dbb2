"""The numbers of a bus: what it takes, what it does not, what it brings, what it loses."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from libs.common.bus.interface import (
    Binding,
    Consumer,
    Delivery,
    Inbox,
    OnDelivery,
    OnLost,
    Outgoing,
    Queue,
    Refused,
    Unconfirmed,
    Unroutable,
)
from libs.common.bus.local import LocalBus
from libs.common.bus.measured import BusMetrics, MeasuredBus, watch_reconnects
from libs.common.bus.topology import COMMANDS, EVENTS, room_commands
from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.metrics import Metrics
from tests.support.clock import SetClock, settle

COMMAND = Outgoing(COMMANDS, "m.0", "cmd.v1", b"1")


class FaultyBus:
    """Takes nothing before `may_take`, or refuses as told; hears what it is given."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.may_take = asyncio.Event()
        self.told: dict[str, Any] = {}
        self.is_closed = False

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        await self.may_take.wait()
        if self.failure is not None:
            raise self.failure

    async def declare(self, queue: Queue) -> None:
        self.told["declared"] = queue

    async def consume(
        self,
        queue: Queue,
        on_delivery: OnDelivery,
        *,
        prefetch: int,
        on_lost: OnLost | None = None,
    ) -> Consumer:
        self.told |= {"delivery": on_delivery, "lost": on_lost, "prefetch": prefetch}
        return None  # type: ignore[return-value]

    async def open_inbox(
        self,
        instance: str,
        bindings: Sequence[Binding],
        on_delivery: OnDelivery,
        *,
        on_gap: Callable[[], None],
    ) -> Inbox:
        self.told |= {"delivery": on_delivery, "gap": on_gap}
        return None  # type: ignore[return-value]

    async def is_ready(self) -> bool:
        return False

    async def close(self) -> None:
        self.is_closed = True


class Bench:
    """A measured bus, and what its registry says."""

    def __init__(self, bus: FaultyBus | LocalBus, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        self.bus = MeasuredBus(bus, BusMetrics(Metrics(self._registry, "bus")), clock)

    def value(self, name: str, **labels: str) -> float:
        return self._registry.get_sample_value(f"chat_bus_{name}", labels) or 0.0


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def faulty() -> FaultyBus:
    return FaultyBus()


@pytest.fixture
def bench(faulty: FaultyBus, clock: SetClock) -> Bench:
    return Bench(faulty, clock)


def delivery(*, again: bool) -> Delivery:
    return Delivery("m.0", "cmd.v1", b"1", 1, is_redelivered=again)


async def test_a_publish_is_timed_until_the_bus_has_it(
    bench: Bench, faulty: FaultyBus, clock: SetClock
) -> None:
    publishing = asyncio.create_task(bench.bus.publish(COMMAND, timeout_s=5))
    await clock.advance(0.03)
    assert bench.value("publishing_count") == 1

    faulty.may_take.set()
    await publishing

    assert bench.value("publish_seconds_sum", exchange="chat.cmd") == pytest.approx(0.03)
    assert bench.value("publish_seconds_count", exchange="chat.cmd") == 1
    assert bench.value("publishing_count") == 0


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (Refused(), "refused"),
        (Unroutable(), "unroutable"),
        (Unconfirmed(), "unconfirmed"),
        (Unavailable(), "away"),
    ],
)
async def test_what_was_not_taken_is_counted_by_its_reason(
    bench: Bench, faulty: FaultyBus, failure: Exception, outcome: str
) -> None:
    faulty.failure = failure
    faulty.may_take.set()

    with pytest.raises(type(failure)):
        await bench.bus.publish(COMMAND, timeout_s=5)

    assert bench.value("publish_failures_total", exchange="chat.cmd", outcome=outcome) == 1
    assert bench.value("publish_seconds_count", exchange="chat.cmd") == 0


async def test_deliveries_are_counted_and_passed_on(bench: Bench, faulty: FaultyBus) -> None:
    seen: list[Delivery] = []
    await bench.bus.consume(room_commands(0), seen.append, prefetch=7)

    faulty.told["delivery"](delivery(again=False))
    faulty.told["delivery"](delivery(again=True))

    assert faulty.told["prefetch"] == 7
    assert len(seen) == 2
    assert bench.value("deliveries_total", way="queue", again="no") == 1
    assert bench.value("deliveries_total", way="queue", again="yes") == 1


async def test_a_loss_is_counted_and_told(bench: Bench, faulty: FaultyBus) -> None:
    told: list[str] = []
    await bench.bus.consume(
        room_commands(0), lambda _: None, prefetch=1, on_lost=lambda: told.append("lost")
    )
    await bench.bus.open_inbox("gw.1", (), lambda _: None, on_gap=lambda: told.append("gap"))

    faulty.told["lost"]()
    faulty.told["gap"]()

    assert told == ["lost", "gap"]
    assert bench.value("losses_total", way="queue") == 1
    assert bench.value("losses_total", way="inbox") == 1


async def test_a_loss_that_nobody_wants_to_hear_of_is_counted(
    bench: Bench, faulty: FaultyBus
) -> None:
    await bench.bus.consume(room_commands(0), lambda _: None, prefetch=1)

    faulty.told["lost"]()

    assert bench.value("losses_total", way="queue") == 1


async def test_a_delivery_is_timed_until_it_is_settled(clock: SetClock) -> None:
    bench, seen = Bench(LocalBus(clock), clock), list[Delivery]()
    consumer = await bench.bus.consume(room_commands(0), seen.append, prefetch=10)
    for _ in range(3):
        await bench.bus.publish(COMMAND, timeout_s=1)
    await clock.advance(0.5)

    consumer.settle(seen[1])

    assert bench.value("settle_seconds_count") == 2
    assert bench.value("settle_seconds_sum") == pytest.approx(1.0)
    assert bench.value("unsettled_count") == 1
    await consumer.close()
    assert bench.value("unsettled_count") == 0


async def test_what_was_lost_is_in_hand_no_more(bench: Bench, faulty: FaultyBus) -> None:
    await bench.bus.consume(room_commands(0), lambda _: None, prefetch=7)
    faulty.told["delivery"](delivery(again=False))
    assert bench.value("unsettled_count") == 1

    faulty.told["lost"]()

    assert bench.value("unsettled_count") == 0
    assert bench.value("settle_seconds_count") == 0


async def test_everything_else_is_the_buss_own(bench: Bench, faulty: FaultyBus) -> None:
    await bench.bus.declare(room_commands(0))
    assert faulty.told["declared"] == room_commands(0)

    assert not await bench.bus.is_ready()

    await bench.bus.close()
    assert faulty.is_closed


def test_reconnects_are_shown_as_they_are_when_somebody_asks() -> None:
    registry, made = CollectorRegistry(), {"publishing": 0, "consuming": 0}
    watch_reconnects(Metrics(registry, "bus"), lambda: made)

    made["consuming"] = 3

    shown = [
        registry.get_sample_value("chat_bus_reconnects_count", {"link": link}) for link in made
    ]
    assert shown == [0, 3]


async def test_a_real_bus_works_as_before(clock: SetClock) -> None:
    bench, seen = Bench(LocalBus(clock), clock), list[Delivery]()
    consumer = await bench.bus.consume(room_commands(0), seen.append, prefetch=10)
    event = Outgoing(EVENTS, "e.1.0", "evt.v1", b"1")

    await bench.bus.publish(COMMAND, timeout_s=1)
    await bench.bus.publish(event, timeout_s=1)
    await settle()

    assert [one.body for one in seen] == [b"1"]
    assert bench.value("publish_seconds_count", exchange="chat.events") == 1
    await consumer.close()
    await bench.bus.close()
