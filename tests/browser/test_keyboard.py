"""A day with Hubbub without a mouse."""

from typing import Final

import pytest
from playwright.async_api import Locator, expect

from tests.browser.people import People
from tests.browser.person import PASSWORD, Person

pytestmark = pytest.mark.asyncio(loop_scope="package")

MOST_TABS: Final = 30
"""Nothing on a page is further away than that."""


async def tab_to(person: Person, target: Locator, *, key: str = "Tab") -> None:
    """Go on to something with the key that goes from one thing to the next."""
    for _ in range(MOST_TABS):
        await person.page.keyboard.press(key)
        if await target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached in {MOST_TABS} steps")


async def jump_to(person: Person, title: str) -> None:
    """Open another room, and be where one writes."""
    await person.page.keyboard.press("Control+k")
    await expect(person.page.get_by_role("combobox", name="Room or person")).to_be_focused()
    await person.page.keyboard.type(title)
    await expect(person.page.get_by_role("option", selected=True)).to_contain_text(title)
    await person.page.keyboard.press("Enter")
    await person.is_in(title)
    await expect(person.box).to_be_focused()


async def use_tool(person: Person, text: str, name: str) -> None:
    """Take up a tool of a message, from where one writes."""
    message = person.message(text)
    await tab_to(person, message, key="Shift+Tab")
    await person.page.keyboard.press("Enter")
    tool = message.get_by_role("button", name=name, exact=True)
    if not await tool.evaluate("(element) => element === document.activeElement"):
        await tab_to(person, tool)
    await person.page.keyboard.press("Enter")


async def test_everything_of_a_day_goes_without_a_mouse(people: People) -> None:
    alice = await people.join("Alice")
    await alice.make_room("Attic")
    await alice.make_room("Porch")
    await alice.open("/rooms")
    await alice.press("Log out")
    await expect(alice.heading("Log in")).to_be_visible()
    keyboard = alice.page.keyboard

    await tab_to(alice, alice.page.get_by_label("E-mail"))
    await keyboard.type(alice.email)
    await tab_to(alice, alice.page.get_by_label("Password", exact=True))
    await keyboard.type(PASSWORD)
    await keyboard.press("Enter")
    await alice.is_connected()

    await jump_to(alice, "Porch")
    await keyboard.type("The bens are up!")
    await keyboard.press("Enter")
    await alice.sees("The bens are up!")

    await use_tool(alice, "The bens", "Edit message")
    await expect(alice.page.get_by_role("textbox", name="New text")).to_be_focused()
    await keyboard.press("Control+a")
    await keyboard.type("The beans are up!")
    await keyboard.press("Enter")
    await alice.sees("The beans are up!")

    await keyboard.press("Escape")
    await expect(alice.box).to_be_focused()
    await use_tool(alice, "The beans", "Add reaction")
    like = alice.message("The beans").get_by_role("button", name="React with 👍")
    await tab_to(alice, like, key="Shift+Tab")
    await keyboard.press("Enter")
    await expect(alice.message("The beans").get_by_role("button", name="👍 1")).to_be_visible()

    await keyboard.press("Escape")
    await expect(alice.box).to_be_focused()
    await use_tool(alice, "The beans", "Reply")
    await expect(alice.box).to_be_focused()
    await keyboard.type("And the peas?")
    await keyboard.press("Enter")
    await expect(alice.message("And the peas?")).to_contain_text("The beans are up!")

    await jump_to(alice, "Attic")
    await keyboard.type("Soup")
    await keyboard.press("Enter")
    await alice.sees("Soup")
