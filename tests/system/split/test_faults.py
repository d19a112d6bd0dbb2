"""Parts die, stand still or are cut off while people talk; nothing acknowledged is lost, doubled or
out of order. `make chaos` does the same for longer, by chance, and `make faults` does all of it.
"""

import random
import re

import pytest

from tests.chaos.split import endure
from tests.support.fleet import Fleet
from tests.system.split.numbers import count_of

pytestmark = pytest.mark.asyncio(loop_scope="package")

PER_S = 40.0

LONGEST_WAIT_S = 45.0
"""On a busy machine; the broker alone takes 5 s to start on an idle one."""

UNDISTURBED_S = 5.0
"""The same while nothing is broken that an acknowledgement needs."""

HEARD_S = 10.0
"""How soon after quiet the last words reach everybody, also when no gateway got their event."""


QUICK = ("kill messages-1",)
LONG = (
    "kill rabbitmq",
    "kill gateway-1",
    "kill postgres",
    "restart messages-1",
    "suspend messages-2",
    "suspend postgres",
    "fill the broker's disk",
    "cut the network",
)


@pytest.mark.parametrize(
    "fault", [*QUICK, *(pytest.param(fault, marks=pytest.mark.proof) for fault in LONG)]
)
async def test_what_was_acknowledged_is_there_once_and_in_order(fleet: Fleet, fault: str) -> None:
    outcome = await endure(
        fleet, [fault], per_s=PER_S, chance=random.Random(fault), called=name_for(fault)
    )

    assert outcome.verdict.is_clean, outcome.verdict
    assert outcome.verdict.acked == outcome.verdict.sent > 0
    assert outcome.blows[0].longest_wait_s < LONGEST_WAIT_S


@pytest.mark.proof
@pytest.mark.parametrize("fault", ["double and swap events", "poison the queues"])
async def test_what_the_bus_does_to_others_is_not_waited_for(fleet: Fleet, fault: str) -> None:
    outcome = await endure(
        fleet, [fault], per_s=PER_S, chance=random.Random(fault), called=name_for(fault)
    )

    assert outcome.verdict.is_clean, outcome.verdict
    assert outcome.verdict.acked == outcome.verdict.sent > 0
    assert outcome.blows[0].longest_wait_s < UNDISTURBED_S
    assert outcome.heard_s < HEARD_S


@pytest.mark.proof
async def test_lost_events_are_read_from_the_log(fleet: Fleet) -> None:
    repaired = await count_repaired(fleet)

    outcome = await endure(
        fleet, ["lose events"], per_s=PER_S, chance=random.Random(24), called="reader"
    )

    # At least the last one of each room, at each of two gateways.
    assert await count_repaired(fleet) >= repaired + 2
    assert outcome.verdict.is_clean, outcome.verdict
    assert outcome.heard_s < HEARD_S


async def count_repaired(fleet: Fleet) -> float:
    return await count_of(fleet, "chat_gateway_repairs_total", outcome="repaired")


def name_for(fault: str) -> str:
    """Return the fault's name as it may stand in an e-mail address."""
    return "-".join(re.findall("[a-z0-9]+", fault))
