"""What was said stays, and is found again."""

import asyncio
import re
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, Route, expect

from hubbub_client.api import Api
from tests.browser.keeping import is_kept
from tests.browser.long_room import write_lines
from tests.browser.people import People
from tests.browser.person import PASSWORD, Person
from tests.support.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="package")

MANY: Final = 10_000
PAGES: Final = 4
OLDER: Final = re.compile("before_seq=")

AT_REST: Final = """
async (log) => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let before = -1; before !== log.scrollTop; await frame()) {
    before = log.scrollTop;
    await frame();
  }
}
"""

FIRST_IN_SIGHT: Final = r"""
(log) => {
  const edge = log.getBoundingClientRect().top;
  const articles = [...log.querySelectorAll("article")];
  const first = articles.find((one) => one.getBoundingClientRect().top >= edge);
  return /line \d+\./.exec(first.textContent)[0];
}
"""


async def fill(program: Program, person: Person, *, count: int) -> None:
    """Write so many messages into the room that the person is in."""
    async with Api(program.url) as api:
        await api.log_in(person.email, PASSWORD)
        await write_lines(program, api, room_of(person), count=count)


def room_of(person: Person) -> str:
    """Return the id of the room that the page shows."""
    return person.page.url.rpartition("/")[2]


async def top_of(message: Locator) -> float:
    """Return where a message stands on the screen."""
    box = await message.bounding_box()
    assert box is not None
    return box["y"]


class Gate:
    """Holds back what is asked for until it is opened."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()
        self.is_open = asyncio.Event()

    async def stand_before(self, page: Page) -> None:
        await page.route(OLDER, self._pass)

    async def _pass(self, route: Route, *_: Any) -> None:
        self.is_asked.set()
        await self.is_open.wait()
        await route.continue_()


async def test_a_reload_shows_the_history(people: People) -> None:
    alice = await people.join("Alice")
    await alice.make_room("Reloaded")
    await alice.say("first")
    await alice.sees("first")
    await alice.say("second")
    await alice.sees("second")

    await alice.page.reload()

    await expect(alice.log.get_by_role("article")).to_contain_text(["first", "second"])


@pytest.mark.proof
async def test_ten_thousand_messages_keep_their_place_while_older_ones_come(
    people: People, program: Program
) -> None:
    alice = await people.join("Alice")
    await alice.make_room("Long")
    await fill(program, alice, count=MANY)
    await alice.page.reload()
    await expect(alice.message(f"line {MANY}.")).to_be_in_viewport()
    await alice.log.hover()

    for _ in range(PAGES):
        gate = Gate()
        await gate.stand_before(alice.page)
        while not gate.is_asked.is_set():
            await alice.page.mouse.wheel(0, -1_000)
            await alice.log.evaluate(AT_REST)
        # Not at the very top: there the first message loses its author's name to the one above.
        await alice.page.mouse.wheel(0, 600)
        await alice.log.evaluate(AT_REST)
        line = alice.message(await alice.log.evaluate(FIRST_IN_SIGHT))
        before = await top_of(line)
        gate.is_open.set()
        await expect(alice.log).to_have_attribute("aria-busy", "false")
        await alice.log.evaluate(AT_REST)
        assert abs(await top_of(line) - before) < 2
        await alice.page.unroute_all()

    await alice.press("Newest")
    await expect(alice.message(f"line {MANY}.")).to_be_in_viewport()


async def test_a_room_shows_where_the_unread_begins(people: People, program: Program) -> None:
    alice, bob = await people.join("Alice"), await people.join("Bob")
    await alice.make_room("Read in part")
    await bob.join_room("Read in part")
    await alice.say("seen")
    await bob.sees("seen")
    # In a room that nobody has read nothing is new: this one is read, and the browser knows it.
    await is_kept(bob.page, f'"room_id":"{room_of(bob)}","seq":')
    await bob.page.get_by_role("link", name="Find rooms").click()
    await fill(program, alice, count=300)
    await bob.page.reload()
    unread = re.compile("^Read in part 99\\+ unread")
    await expect(bob.rooms.get_by_role("link", name=unread)).to_be_visible()

    await bob.open_room("Read in part")
    await expect(bob.message("line 300.")).to_be_in_viewport()
    await bob.press("Jump")

    await expect(bob.log.get_by_text("New", exact=True)).to_be_in_viewport()
    await expect(bob.message("line 1.")).to_be_in_viewport()
