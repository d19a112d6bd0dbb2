"""A server that dies under its people, and comes back."""

import re
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.people import People
from tests.browser.person import Person
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
    shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def people(browser: Browser, mortal: Program) -> AsyncIterator[People]:
    """Makes people in front of that program."""
    made = People(browser, url=mortal.url)
    yield made
    await made.leave()


def lines_of(text: str) -> list[str]:
    return re.findall(r"line [ab]\d", text)


async def both_say(alice: Person, bob: Person, numbers: range) -> None:
    for number in numbers:
        await alice.say(f"line a{number}")
        await bob.say(f"line b{number}")


async def test_a_killed_server_loses_doubles_and_turns_round_nothing(
    people: People, mortal: Program
) -> None:
    alice, bob = await people.join("Alice"), await people.join("Bob")
    await alice.make_room("Garden")
    await bob.join_room("Garden")
    people.faults.expect(REFUSED)

    await both_say(alice, bob, range(1, 4))
    await mortal.kill()
    await expect(alice.status).to_contain_text("Reconnecting")
    await both_say(alice, bob, range(4, 7))
    await expect(alice.message("line a6")).to_contain_text("Waiting for the connection")
    await mortal.start()

    seen = []
    for person in (alice, bob):
        await person.is_connected(within_ms=WITHIN_MS)
        await expect(person.log.get_by_role("article")).to_have_count(12)
        await expect(person.unsent).to_have_count(0)
        seen.append(lines_of(await person.log.inner_text()))
    assert seen[0] == seen[1]
    for who in "ab":
        assert [line for line in seen[0] if who in line[5:]] == [
            f"line {who}{n}" for n in range(1, 7)
        ]
    await alice.page.reload()
    await expect(alice.log.get_by_role("article")).to_contain_text(seen[0])
