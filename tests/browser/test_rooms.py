"""Rooms that are not for everybody."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.people import People

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_who_is_taken_into_a_private_room_finds_it_in_the_list(people: People) -> None:
    alice, bob = await people.join("Alice"), await people.join("Bobette")
    await alice.make_room("Board", kind="Private")

    await alice.page.get_by_role("button", name=re.compile("^Members")).click()
    await alice.press("Add people")
    await alice.page.get_by_role("searchbox", name="Search people").fill("Bobette")
    await alice.press("Add Bobette")
    found = alice.page.get_by_role("dialog").get_by_role("listitem").filter(has_text="Bobette")
    await expect(found.get_by_text("Member")).to_be_visible()
    await alice.press("Close")

    await bob.open_room("Board")
    await alice.say("Welcome")
    await bob.sees("Welcome")
    await expect(bob.page.get_by_role("button", name="Members, 2 online")).to_be_visible()


async def test_a_direct_room_is_called_by_the_other(people: People) -> None:
    alice, bob = await people.join("Alicia"), await people.join("Bob")
    await alice.make_room("Where they met")
    await bob.join_room("Where they met")
    await bob.page.get_by_role("button", name=re.compile("^Members")).click()

    await bob.press("Write to Alicia")
    await bob.is_in("Alicia")
    await bob.say("Just between us")

    await expect(alice.rooms.get_by_role("link", name="Bob 1 unread")).to_be_visible()
    await alice.open_room("Bob")
    await alice.sees("Just between us")


async def test_a_stranger_learns_nothing_of_a_private_room(people: People) -> None:
    alice, charlie = await people.join("Alice"), await people.join("Charlie")
    await alice.make_room("Secret", kind="Private")

    people.faults.expect(r"status of 404 .* at \S+/v1/rooms/")
    await charlie.page.goto(alice.page.url)

    no_such_room = charlie.page.get_by_text("There is no such room, or it is not open to you.")
    await expect(no_such_room).to_be_visible()
    await expect(charlie.page.get_by_text("Secret")).to_have_count(0)
