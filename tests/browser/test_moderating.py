"""What those do who look after a room, and what everybody does for themselves."""

import pytest
from playwright.async_api import Locator, expect

from hubbub_client.api import Api
from tests.browser.people import People
from tests.browser.person import PASSWORD, Person
from tests.support.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def room_with(people: People, title: str, *names: str) -> list[Person]:
    """Let the first of them make a public room, and the others come in."""
    everybody = [await people.join(name) for name in names]
    await everybody[0].make_room(title)
    for person in everybody[1:]:
        await person.join_room(title)
    return everybody


def line(person: Person, text: str) -> Locator:
    return person.page.get_by_role("main").get_by_role("listitem").filter(has_text=text)


async def test_a_message_is_folded_by_one_reported_and_deleted_by_another(people: People) -> None:
    alice, bob, charlie = await room_with(people, "Market", "Alice", "Bob", "Charlie")
    await bob.say("Buy my watches")
    await charlie.sees("Buy my watches")

    await charlie.press("Report message", on=charlie.message("watches"))
    await charlie.press("Report")
    await expect(charlie.heading("Thank you")).to_be_visible()
    await charlie.page.keyboard.press("Escape")
    await charlie.press("About Bob", on=charlie.message("watches"))
    await charlie.press("Block")
    await charlie.page.keyboard.press("Escape")
    await expect(charlie.message("Buy my watches")).to_have_count(0)
    await charlie.press("Show")
    await charlie.sees("Buy my watches")

    await alice.page.get_by_role("link", name="Look after this room").click()
    await alice.page.get_by_role("link", name="Reports").click()
    await expect(line(alice, "Buy my watches")).to_contain_text("Spam, reported by Charlie")
    await alice.press("Delete the message")
    await expect(alice.page.get_by_text("Nothing waits for you.")).to_be_visible()
    await expect(bob.message("This message was deleted.")).to_be_visible()


async def test_who_must_register_first_comes_back_to_the_invitation(
    people: People, program: Program
) -> None:
    bob = await people.stranger("Bob")
    async with Api(program.url) as alice:
        await alice.register("alice.board@example.org", PASSWORD, "Alice")
        room = await alice.call("POST", "/v1/rooms", {"kind": "private", "title": "Board"})
        invite = await alice.call("POST", f"/v1/rooms/{room['id']}/invites", {})

    await bob.open(f"/invite/{invite['code']}")
    await expect(bob.page.get_by_text("You are invited to a room.")).to_be_visible()
    await bob.page.get_by_role("link", name="Create an account").click()
    await bob.fill_in(Name=bob.name, E_mail=bob.email, Password=PASSWORD)
    await bob.press("Register")
    await bob.press("Join Board")

    await bob.is_in("Board")
