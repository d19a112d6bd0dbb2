"""A server that dies under its people, and comes back."""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.people import People
from tests.support.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="package")

REFUSED = r"ERR_CONNECTION_REFUSED"
"""What a browser reports of every try to reach a server that is not there."""

WITHIN_MS = 90_000
"""Starting again takes seconds, and the page tries at growing intervals."""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def mortal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    """A program that may be killed."""
    folder = tmp_path_factory.mktemp("mortal")
    async with Program(folder / "data") as running:
        yield running
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def people(browser: Browser, mortal: Program) -> AsyncIterator[People]:
    """Makes people in front of that program."""
    made = People(browser, url=mortal.url)
    yield made
    await made.leave()


async def test_a_killed_server_is_survived_and_what_was_written_meanwhile_arrives_once(
    people: People, mortal: Program
) -> None:
    alice, bob = await people.join("Alice"), await people.join("Bob")
    await alice.make_room("Garden")
    await bob.join_room("Garden")
    await alice.say("before")
    await bob.sees("before")
    people.faults.expect(REFUSED)

    await mortal.kill()
    await expect(alice.status).to_contain_text("Reconnecting")
    await alice.say("meanwhile, one")
    await alice.say("meanwhile, two")
    await expect(alice.message("meanwhile, two")).to_contain_text("Waiting for the connection")
    await mortal.start()

    for person in (alice, bob):
        await person.is_connected(within_ms=WITHIN_MS)
        await person.sees("meanwhile, one")
        await person.sees("meanwhile, two")
    await bob.say("after")
    await alice.sees("after")
    await alice.page.reload()
    said = ["before", "meanwhile, one", "meanwhile, two", "after"]
    await expect(alice.log.get_by_role("article")).to_contain_text(said)
    await expect(alice.log.get_by_role("article")).to_have_count(len(said))
