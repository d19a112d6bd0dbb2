"""Networks that let no socket through, or let nothing live for long."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests.browser.people import People
from tests.browser.person import Person
from tests.support.program import Program
from tests.support.proxies.behaviours import buffering, cutting, passing, stripping
from tests.support.proxies.listening import Proxy

pytestmark = pytest.mark.asyncio(loop_scope="package")

NO_SOCKET = r"WebSocket connection to .* failed"
"""What a browser reports of every socket that does not get through."""

CUT = r"ERR_(CONNECTION_(RESET|CLOSED)|CONTENT_LENGTH_MISMATCH|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)"
"""What it reports of a request whose connection is cut."""

LIFE_S = 2.0
"""How long the impatient proxy lets a connection live."""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def proxy(program: Program) -> AsyncIterator[Proxy]:
    """A proxy that lets no socket through, until a test says otherwise."""
    async with Proxy(program.port, stripping) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def people_behind(browser: Browser, proxy: Proxy) -> AsyncIterator[People]:
    """Makes people behind that proxy."""
    made = People(browser, url=proxy.url)
    yield made
    await made.leave()


@pytest.fixture(autouse=True)
def nothing_else_goes_wrong(people_behind: People) -> Iterator[None]:
    """As for everybody else, but that sockets fail and connections are cut."""
    for expected in (NO_SOCKET, CUT):
        people_behind.faults.expect(expected)
    yield
    assert people_behind.faults.take() == []


def note(person: Person) -> Locator:
    """What the page says of the network."""
    return person.page.get_by_role("status").filter(has_text="blocks live connections")


async def both_see(alice: Person, bob: Person, *, lines: int) -> None:
    """See that many lines of each, once and in the order in which each wrote them."""
    seen = []
    for person in (alice, bob):
        await expect(person.log.get_by_role("article")).to_have_count(2 * lines)
        await expect(person.unsent).to_have_count(0)
        seen.append(re.findall(r"line [ab]\d", await person.log.inner_text()))
    assert seen[0] == seen[1]
    for who in "ab":
        said = [line for line in seen[0] if who in line[5:]]
        assert said == [f"line {who}{number}" for number in range(1, lines + 1)]


async def both_say(alice: Person, bob: Person, *numbers: int) -> None:
    for number in numbers:
        await alice.say(f"line a{number}")
        await bob.say(f"line b{number}")


async def test_who_gets_no_socket_talks_over_polls_and_goes_back_to_a_socket(
    people: People, people_behind: People, proxy: Proxy
) -> None:
    alice, bob = await people.join("Alice"), await people_behind.stranger("Bob")
    await bob.page.clock.install()
    await bob.sign_up()
    await expect(note(bob)).to_be_visible()
    await bob.make_room("Basement")
    await alice.join_room("Basement")

    await both_say(alice, bob, 1, 2, 3)
    await both_see(alice, bob, lines=3)
    await alice.press("Add reaction", on=alice.message("line b1"))
    await alice.press("React with 👍", on=alice.message("line b1"))
    await expect(bob.message("line b1").get_by_role("button", name="👍 1")).to_be_visible()
    await bob.press("Edit message", on=bob.message("line b2"))
    await bob.page.get_by_role("textbox", name="New text").fill("line b2, and more")
    await bob.press("Save")
    await alice.sees("line b2, and more")

    proxy.behaviour = passing
    await bob.page.clock.fast_forward("05:00")
    await expect(note(bob)).to_have_count(0)
    await bob.is_connected()
    polls = proxy.asked("POST /v1/sync")
    await both_say(alice, bob, 4)
    await both_see(alice, bob, lines=4)
    assert proxy.asked("POST /v1/sync") == polls


async def test_behind_a_proxy_that_holds_answers_until_they_are_whole_one_talks_over_polls(
    people: People, people_behind: People, proxy: Proxy
) -> None:
    proxy.behaviour = buffering
    alice, bob = await people.join("Alice"), await people_behind.join("Bob")
    await expect(note(bob)).to_be_visible()
    await alice.make_room("Buffer")
    await bob.join_room("Buffer")

    await both_say(alice, bob, 1, 2)

    await both_see(alice, bob, lines=2)
    await expect(note(bob)).to_be_visible()


async def test_a_network_that_cuts_everything_soon_loses_and_doubles_nothing(
    people: People, people_behind: People, proxy: Proxy
) -> None:
    proxy.behaviour = cutting(LIFE_S)
    alice, bob = await people.join("Alice"), await people_behind.join("Bob")
    await alice.make_room("Scissors")
    await bob.join_room("Scissors")

    for number in (1, 2):
        await both_say(alice, bob, number)
        await expect(bob.status).to_contain_text("Reconnecting")
    await both_say(alice, bob, 3)

    await both_see(alice, bob, lines=3)
    await expect(note(bob)).to_have_count(0)
