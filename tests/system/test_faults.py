"""Parts die, stand still or are cut off while people talk; nothing acknowledged is lost, doubled or
out of order. `make chaos` does the same for longer, by chance.
"""

import random
import re
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.chaos.scene import MANY_NEWCOMERS
from tests.chaos.split import endure
from tests.support.fleet import Fleet

pytestmark = pytest.mark.asyncio(loop_scope="module")

PER_S = 40.0

LONGEST_WAIT_S = 45.0
"""On a busy machine; the broker alone takes 5 s to start on an idle one."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fleet(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fleet]:
    """All services as processes, on an empty folder."""
    folder = tmp_path_factory.mktemp("fleet")
    async with Fleet(folder / "data", settings=MANY_NEWCOMERS) as fleet:
        yield fleet
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "fault",
    [
        "kill gateway-1",
        "kill messages-1",
        "kill postgres",
        "kill rabbitmq",
        "restart messages-1",
        "suspend messages-2",
        "fill the broker's disk",
        "cut the network",
    ],
)
async def test_what_was_acknowledged_is_there_once_and_in_order(fleet: Fleet, fault: str) -> None:
    called = "-".join(re.findall("[a-z0-9]+", fault))

    outcome = await endure(fleet, [fault], per_s=PER_S, chance=random.Random(fault), called=called)

    assert outcome.verdict.is_clean, outcome.verdict
    assert outcome.verdict.acked == outcome.verdict.sent > 0
    assert outcome.blows[0].longest_wait_s < LONGEST_WAIT_S
