"""Facts on their way from the outbox to the bus."""

import pytest

from libs.common.bus.interface import Binding, Delivery, Queue, Unconfirmed, WhenFull
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import FACTS
from libs.common.contracts.facts import FACT, KEYS_ROTATED, USER_UPDATED
from libs.common.errors import TimedOut
from libs.common.outbox import OutboxRow
from services.auth.consumers.facts import FactPublisher
from tests.support.clock import SetClock

ROWS = [OutboxRow("alice", USER_UPDATED, b"1"), OutboxRow("keys", KEYS_ROTATED, b"2")]
SOMEBODY = Queue(
    name="somebody",
    bindings=(Binding(FACTS, "auth.#"),),
    max_length=10,
    max_bytes=1_000,
    when_full=WhenFull.REFUSE,
)


async def test_facts_are_published_under_their_kind_and_in_order() -> None:
    bus = LocalBus(SetClock())
    heard: list[Delivery] = []
    await bus.open_inbox("listener", SOMEBODY.bindings, heard.append, on_gap=lambda: None)

    await FactPublisher(bus, timeout_s=5.0).publish(ROWS)

    assert [(one.key, one.type, one.body) for one in heard] == [
        (USER_UPDATED, FACT, b"1"),
        (KEYS_ROTATED, FACT, b"2"),
    ]


async def test_a_fact_that_nobody_wants_is_told_to_nobody() -> None:
    await FactPublisher(LocalBus(SetClock()), timeout_s=5.0).publish(ROWS)


async def test_a_fact_that_is_not_taken_in_time_is_not_told() -> None:
    bus = LocalBus(SetClock())
    await bus.declare(SOMEBODY)

    with pytest.raises((TimedOut, Unconfirmed)):
        await FactPublisher(bus, timeout_s=0.01).publish(ROWS)
