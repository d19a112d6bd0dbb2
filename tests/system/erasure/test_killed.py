"""A service is killed again and again in one erasure: it ends, every receipt is true, and what
others said and heard is whole.
"""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.chaos.crashes.cases import Case, erasures
from tests.chaos.crashes.run import Town

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.proof]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """All services as processes that know the points, and three people."""
    folder = tmp_path_factory.mktemp("killed")
    async with Town.open(folder) as town:
        yield town
    shutil.rmtree(folder)


@pytest.mark.parametrize("case", list(erasures()), ids=str)
async def test_an_erasure_ends_although_a_service_is_killed_in_it(town: Town, case: Case) -> None:
    assert await town.hit(case) == []
