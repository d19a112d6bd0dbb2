"""Two people in one room, each in front of their own browser."""

import re
from itertools import count

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.people import People
from tests.browser.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")

_numbers = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def alice(people: People) -> Person:
    """Who makes the rooms."""
    return await people.join("Alice")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def bob(people: People) -> Person:
    """Who comes in."""
    return await people.join("Bob")


@pytest_asyncio.fixture(autouse=True, loop_scope="package")
async def garden(alice: Person, bob: Person) -> str:
    """The room in which both are, by its title."""
    title = f"Garden {next(_numbers)}"
    await alice.make_room(title, Topic="What grows")
    await bob.join_room(title)
    return title


async def test_two_people_talk_live(alice: Person, bob: Person) -> None:
    await alice.say("The beans are up!")
    await bob.sees("The beans are up!")

    await bob.say("Are they? Wonderful.")
    await alice.sees("Are they? Wonderful.")

    await expect(alice.log.get_by_role("article")).to_contain_text(["beans", "Wonderful"])


async def test_each_sees_that_the_other_is_there(alice: Person, bob: Person) -> None:
    for person in (alice, bob):
        await expect(person.page.get_by_role("button", name="Members, 2 online")).to_be_visible()


async def test_typing_is_seen_until_the_message_is_there(alice: Person, bob: Person) -> None:
    await bob.box.press_sequentially("Hm")
    await expect(alice.page.get_by_text("Bob is typing")).to_be_visible()
    await expect(bob.page.get_by_text("is typing")).to_be_hidden()

    await bob.box.press("Enter")

    await alice.sees("Hm")
    await expect(alice.page.get_by_text("Bob is typing")).to_be_hidden()


async def test_edits_reactions_and_deletions_are_seen_live(alice: Person, bob: Person) -> None:
    await alice.say("The bens are up!")
    await bob.sees("The bens are up!")

    await alice.press("Edit message", on=alice.message("The bens"))
    await alice.page.get_by_role("textbox", name="New text").fill("The beans are up!")
    await alice.press("Save")
    await bob.sees("The beans are up!")
    await expect(bob.message("The beans")).to_contain_text("(edited)")

    await bob.press("Add reaction", on=bob.message("The beans"))
    await bob.press("React with 🎉", on=bob.message("The beans"))
    reaction = alice.message("The beans").get_by_role("button", name="🎉 1")
    await expect(reaction).to_have_attribute("aria-pressed", "false")
    await reaction.click()
    await expect(bob.message("The beans").get_by_role("button", name="🎉 2")).to_be_visible()

    await alice.press("Delete message", on=alice.message("The beans"))
    await alice.press("Delete")
    await bob.sees("This message was deleted.")
    await expect(bob.message("The beans")).to_have_count(0)


async def test_what_is_said_elsewhere_is_counted_live(
    alice: Person, bob: Person, garden: str
) -> None:
    await bob.make_room("Cellar")
    await alice.join_room("Cellar")
    await alice.open_room(garden)
    cellar = alice.rooms.get_by_role("link", name=re.compile("^Cellar"))

    await bob.say("Soup is ready")
    await expect(cellar).to_have_accessible_name("Cellar 1 unread")
    await bob.say("For @Alice too")
    await expect(cellar).to_have_accessible_name("Cellar 2 unread")

    await cellar.click()
    await alice.sees("For @Alice too")
    await expect(cellar).to_have_accessible_name("Cellar")


async def test_what_is_written_is_text_and_never_markup(alice: Person, bob: Person) -> None:
    await alice.say("<img src=x onerror=alert(1)> **strong** `<b>`")

    await bob.sees("<img src=x onerror=alert(1)> strong <b>")

    await expect(bob.log.locator("strong")).to_have_text("strong")
    await expect(bob.log.locator("img, b")).to_have_count(0)


async def test_who_leaves_is_gone_and_can_come_back(
    alice: Person, bob: Person, garden: str
) -> None:
    await bob.page.get_by_role("button", name=re.compile("^Members")).click()
    await bob.press("Leave room")
    await expect(bob.heading("Public rooms")).to_be_visible()
    await expect(alice.page.get_by_role("button", name="Members, 1 online")).to_be_visible()
    await expect(bob.rooms.get_by_role("link", name=garden)).to_have_count(0)

    await bob.join_room(garden)
    await bob.say("Here I am again")

    await alice.sees("Here I am again")
