"""Rooms for people without an account: the facilitator and the guest both hold a phone."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.people import PHONE, People
from tests.browser.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def manage(facilitator: Person, alias: str, act: str) -> None:
    await facilitator.press(f"Manage {alias}")
    await facilitator.press(act)
    await expect(facilitator.page.get_by_role("dialog")).to_have_count(0)


async def look_up(guest: Person) -> None:
    """Let their page know that it has a network again: it asks the door, and not only later."""
    await guest.page.evaluate("window.dispatchEvent(new Event('online'))")


async def make_guest_room(facilitator: Person, title: str, *, password: str) -> str:
    """Make one that opens later, be at its desk, and return its link."""
    await facilitator.press("New room")
    await facilitator.fill_in(Title=title)
    await facilitator.page.get_by_role("radio", name=re.compile("^Guests")).check()
    await facilitator.page.get_by_label("Open", exact=True).select_option("At a set time")
    await facilitator.fill_in(Password=password)
    await facilitator.press("Create room")
    return await facilitator.page.get_by_role("textbox", name="Link for guests").input_value()


async def test_a_guest_writes_after_two_inputs_and_is_muted_and_removed(people: People) -> None:
    fay = await people.join("Fay", **PHONE)
    link = await make_guest_room(fay, "Sunday question", password="tulip")
    robin = await people.stranger("Robin", **PHONE)
    await robin.page.goto(link)
    await expect(robin.page.get_by_role("timer")).to_be_visible()

    await fay.press("Open now")
    await expect(fay.page.get_by_role("button", name="15 minutes more")).to_be_visible()
    await look_up(robin)
    await robin.page.get_by_label("Your name", exact=True).fill("Robin")
    await robin.fill_in(Password="tulip")
    await robin.press("Come in")
    await robin.say("Good morning")
    await robin.sees("Good morning")

    await robin.page.reload()
    await robin.sees("Good morning")

    await manage(fay, "Robin", "Mute")
    await expect(robin.page.get_by_text("You are muted until")).to_be_visible()
    await expect(robin.box).to_have_count(0)

    await manage(fay, "Robin", "Remove from this room")
    await expect(robin.alert("You were removed from this room.")).to_be_visible()
    await robin.sees("Good morning")
