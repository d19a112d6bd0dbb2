"""Who is there, and who would rather not be seen."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.people import People
from tests.browser.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")


def member(person: Person, name: str) -> Locator:
    """Return what somebody sees of a member of the room."""
    members = person.page.get_by_role("complementary", name="Members")
    return members.get_by_role("listitem").filter(has_text=name)


async def test_who_is_away_is_seen_so_and_who_is_invisible_is_not_seen(people: People) -> None:
    alice, bob = await people.join("Alice"), await people.join("Bob")
    await alice.make_room("Lookout")
    await bob.join_room("Lookout")
    await alice.show_members()
    await expect(member(alice, "Bob")).to_contain_text("Online")

    await bob.choose("Away")
    await expect(member(alice, "Bob")).to_contain_text("Away")

    await bob.choose("Invisible")
    await expect(member(alice, "Bob")).to_contain_text("Offline")
    await expect(alice.page.get_by_role("button", name="Members, 1 online")).to_be_visible()
    await bob.say("Nobody sees me")
    await alice.sees("Nobody sees me")
    await expect(member(alice, "Bob")).to_contain_text("Offline")

    await bob.choose("Online")
    await expect(member(alice, "Bob")).to_contain_text("Online")
    await expect(alice.page.get_by_role("button", name="Members, 2 online")).to_be_visible()
