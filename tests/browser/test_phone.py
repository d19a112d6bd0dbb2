"""The same on a phone: one thing at a time, and nothing sticks out."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.people import PHONE, People
from tests.browser.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def fits(person: Person) -> None:
    """Check that nothing is wider than the screen."""
    widths = "[document.documentElement.scrollWidth, window.innerWidth]"
    content, screen = await person.page.evaluate(widths)
    assert content <= screen


async def test_a_phone_shows_the_rooms_or_one_of_them(people: People) -> None:
    alice, bob = await people.join("Alice"), await people.join("Bob", **PHONE)
    await alice.make_room("Pocket", Topic="A topic that is longer than a phone is wide " * 3)
    await alice.say("word" * 100)
    await fits(bob)
    await bob.join_room("Pocket")
    await expect(bob.rooms).to_be_hidden()
    await bob.sees("word" * 100)
    await fits(bob)

    await bob.say("From my pocket")
    await alice.sees("From my pocket")
    await bob.message("word").tap()
    await expect(bob.message("word").get_by_role("button", name="Add reaction")).to_be_visible()

    await bob.page.get_by_role("button", name=re.compile("^Members")).tap()
    await expect(bob.page.get_by_role("complementary", name="Members")).to_be_in_viewport(ratio=1)
    await bob.press("Close members")
    await bob.page.get_by_role("link", name="Back to rooms").tap()
    await expect(bob.rooms.get_by_role("link", name="Pocket")).to_be_visible()
