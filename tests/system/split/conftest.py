"""Every service as a process of its own, for all tests that break some of them or their bus."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.chaos.scene import all_ready, fleet_on
from tests.support.fleet import Fleet


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fleet]:
    """A fleet on an empty folder, in whatever state the last test has left it."""
    folder = tmp_path_factory.mktemp("fleet")
    async with fleet_on(folder / "data") as fleet:
        yield fleet
    shutil.rmtree(folder)


@pytest_asyncio.fixture(loop_scope="package")
async def fleet(running: Fleet) -> Fleet:
    """The fleet, of which every process is ready."""
    await all_ready(running)
    return running
