"""What was said stays, and is found again."""

import pytest
from playwright.async_api import expect

from hubbub_client.api import Api
from tests.browser.people import People
from tests.browser.person import PASSWORD, Person
from tests.support.program import Program

pytestmark = pytest.mark.asyncio(loop_scope="package")

COUNT = 105
"""More than two pages of history."""


async def fill(program: Program, person: Person, *, count: int) -> None:
    """Write so many messages into the room that the person is in."""
    async with Api(program.url) as api:
        await api.log_in(person.email, PASSWORD)
        room = person.page.url.rpartition("/")[2]
        for number in range(1, count + 1):
            body = {"content": f"line {number}.", "client_msg_id": f"line-{number}"}
            await api.call("POST", f"/v1/rooms/{room}/messages", body)


async def test_a_reload_shows_the_history(people: People) -> None:
    alice = await people.join("Alice")
    await alice.make_room("Reloaded")
    await alice.say("first")
    await alice.sees("first")
    await alice.say("second")
    await alice.sees("second")

    await alice.page.reload()

    await expect(alice.log.get_by_role("article")).to_contain_text(["first", "second"])


async def test_older_messages_come_when_scrolling_up(people: People, program: Program) -> None:
    alice = await people.join("Alice")
    await alice.make_room("Long")
    await fill(program, alice, count=COUNT)
    await alice.page.reload()
    await expect(alice.message(f"line {COUNT}.")).to_be_in_viewport()
    await expect(alice.message("line 50.")).to_have_count(0)

    await alice.log.hover()
    async with alice.page.expect_response(lambda answer: "before_seq=" in answer.url):
        await alice.page.mouse.wheel(0, -100_000)
    await expect(alice.message("line 50.")).to_have_count(1)
    # What was in sight when the older ones came stays there.
    await expect(alice.message(f"line {COUNT - 49}.")).to_be_in_viewport()
    await alice.page.mouse.wheel(0, -100_000)
    await alice.page.mouse.wheel(0, -100_000)

    await expect(alice.message("line 1.")).to_have_count(1)
    await expect(alice.log.get_by_role("article")).to_have_count(COUNT)
    await alice.press("Newest")
    await expect(alice.message(f"line {COUNT}.")).to_be_in_viewport()


async def test_a_room_shows_where_the_unread_begins(people: People, program: Program) -> None:
    alice, bob = await people.join("Alice"), await people.join("Bob")
    await alice.make_room("Read in part")
    await bob.join_room("Read in part")
    await alice.say("seen")
    await bob.sees("seen")
    await bob.page.get_by_role("link", name="Find rooms").click()
    await fill(program, alice, count=1)

    await bob.open_room("Read in part")

    await expect(bob.log).to_contain_text("seen")
    await expect(bob.log.get_by_text("New", exact=True)).to_be_visible()
