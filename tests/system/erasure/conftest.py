"""The program of which somebody is erased."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.shapes import Shape
from tests.system.starting import EMBEDDED_AND_AT_LENGTH_SPLIT, started


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=EMBEDDED_AND_AT_LENGTH_SPLIT)
async def program(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shape]:
    async with started(request.param, tmp_path_factory) as running:
        yield running
