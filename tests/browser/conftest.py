"""One program and one browser for all modules; people of their own for each test.

A module says `pytestmark = pytest.mark.asyncio(loop_scope="package")`.
"""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.chromium import NoBrowser, chromium
from tests.browser.people import People
from tests.support.program import Program

expect.set_options(timeout=10_000)

SETTINGS = {"MESSAGES_ROOM_SENDS_BURST": "1000"}
"""A history is written faster than anybody writes."""


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    try:
        async with chromium() as running:
            yield running
    except NoBrowser as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """The program, on an empty folder."""
    folder = tmp_path_factory.mktemp("hubbub")
    async with Program(folder / "data", settings=SETTINGS) as running:
        yield running
    shutil.rmtree(folder)


@pytest_asyncio.fixture(loop_scope="package")
async def people(browser: Browser, program: Program) -> AsyncIterator[People]:
    """Whoever the test needs. Nothing may have gone wrong in front of them."""
    made = People(browser, url=program.url)
    yield made
    await made.leave()
    assert made.faults.seen == []
