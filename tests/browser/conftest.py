"""One program and one browser for all modules, and whoever a module needs.

A module says `pytestmark = pytest.mark.asyncio(loop_scope="package")`.
"""

import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.chromium import NoBrowser, chromium
from tests.browser.long_room import WITHOUT_LIMITS
from tests.browser.people import People
from tests.browser.person import WITHIN_MS
from tests.support.program import Program

expect.set_options(timeout=WITHIN_MS)

SETTINGS = WITHOUT_LIMITS
"""A history is written faster than anybody writes."""


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    try:
        async with chromium() as running:
            yield running
    except NoBrowser as missing:
        raise pytest.fail.Exception(str(missing), pytrace=False) from None


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """The program, on an empty folder."""
    folder = tmp_path_factory.mktemp("hubbub")
    async with Program(folder / "data", settings=SETTINGS) as running:
        yield running
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def people(browser: Browser, program: Program) -> AsyncIterator[People]:
    """Makes people in front of a browser."""
    made = People(browser, url=program.url)
    yield made
    await made.leave()


@pytest.fixture(autouse=True)
def nothing_goes_wrong(people: People) -> Iterator[None]:
    """Let a test fail in which a page does what no page should."""
    yield
    seen = people.faults.take()
    assert seen == []
