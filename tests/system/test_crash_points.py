"""Services die at named points while they do what somebody wants: what was acknowledged is there
once and in order, and everybody hears of it. `make crash-points` does it at each point with
everything that can be wanted.
"""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.chaos.crashes.cases import Case, cross_section
from tests.chaos.crashes.run import Town

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.proof]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """All services as processes that know the points, and three people."""
    folder = tmp_path_factory.mktemp("crashes")
    async with Town.open(folder) as town:
        yield town
    shutil.rmtree(folder)


@pytest.mark.parametrize("case", list(cross_section()), ids=str)
async def test_nothing_is_lost_doubled_or_missed(town: Town, case: Case) -> None:
    assert await town.hit(case) == []
