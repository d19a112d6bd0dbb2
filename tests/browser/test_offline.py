"""People who lose the network, their tab or their patience, and find again what they wrote."""

import re

import pytest
from playwright.async_api import Error, WebSocket, expect

from tests.browser.keeping import is_kept, opens_without_server
from tests.browser.people import People
from tests.browser.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")

CUT_OFF = r"ERR_INTERNET_DISCONNECTED"
"""What a browser reports of every try without a network."""


async def meet(people: People, title: str) -> tuple[Person, Person]:
    """Return two people in a new room; the first one's browser can open it by itself."""
    alice, bob = await people.join("Alice"), await people.join("Bob")
    await alice.make_room(title)
    await bob.join_room(title)
    await opens_without_server(alice.page)
    return alice, bob


def note_frames(socket: WebSocket, posted: list[str]) -> None:
    """Note from now on what the page says on this socket."""
    socket.on("framesent", lambda frame: posted.append(str(frame)))


async def test_what_is_written_offline_outlives_a_reload_and_arrives_once_and_in_order(
    people: People,
) -> None:
    alice, bob = await meet(people, "Tunnel")
    await bob.say("See you at the station")
    await alice.sees("See you at the station")
    await is_kept(alice.page, "See you at the station")
    people.faults.expect(CUT_OFF)
    lines = ["first from the tunnel", "second from the tunnel", "third from the tunnel"]

    await alice.context.set_offline(True)
    for line in lines:
        await alice.say(line)
    await is_kept(alice.page, lines[-1])
    await alice.page.reload()

    await expect(alice.unsent).to_contain_text(lines)
    await expect(alice.message("See you at the station")).to_be_visible()
    await alice.context.set_offline(False)
    await expect(alice.unsent).to_have_count(0)
    for person in (alice, bob):
        await expect(person.log.get_by_role("article")).to_contain_text(["See you", *lines])
        await expect(person.log.get_by_role("article")).to_have_count(1 + len(lines))


async def test_a_page_that_crashed_gives_back_its_drafts_and_what_was_not_sent(
    people: People,
) -> None:
    alice, bob = await meet(people, "Crash")
    await is_kept(alice.page, "Crash")
    people.faults.expect(CUT_OFF)
    await alice.context.set_offline(True)
    await alice.say("not sent before the crash")
    await alice.box.fill("only half of a sent")
    await is_kept(alice.page, "not sent before the crash")
    await is_kept(alice.page, "only half of a sent")
    address = alice.page.url

    with pytest.raises(Error, match="crash"):
        await alice.page.goto("chrome://crash")
    await alice.page.close()
    alice.page = await alice.context.new_page()
    await alice.page.goto(address)

    await expect(alice.unsent).to_contain_text(["not sent before the crash"])
    await expect(alice.box).to_have_value("only half of a sent")
    await alice.context.set_offline(False)
    await bob.sees("not sent before the crash")


async def test_two_tabs_share_what_is_not_sent_and_send_it_once(people: People) -> None:
    alice, bob = await meet(people, "Tabs")
    other = await people.another_page(alice)
    people.faults.expect(CUT_OFF)
    posted: list[str] = []
    for one in (alice, other):
        one.page.on("websocket", lambda socket: note_frames(socket, posted))
        await one.page.goto(alice.page.url)
        await one.is_connected()

    await alice.context.set_offline(True)
    for one in (alice, other):
        await expect(one.status).to_contain_text("Offline")
    await alice.say("from the one tab")
    await other.say("from the other tab")
    for one in (alice, other):
        await expect(one.unsent).to_contain_text(["from the one tab", "from the other tab"])
    await alice.context.set_offline(False)

    for person in (alice, other, bob):
        await person.sees("from the one tab")
        await person.sees("from the other tab")
        await expect(person.log.get_by_role("article")).to_have_count(2)
    assert sum("from the one tab" in frame for frame in posted) == 1
    assert sum("from the other tab" in frame for frame in posted) == 1


async def test_two_tabs_share_drafts_and_what_is_read(people: People) -> None:
    alice, bob = await meet(people, "Both")
    other = await people.another_page(alice)
    both = other.rooms.get_by_role("link", name=re.compile("^Both"))

    await alice.make_room("Elsewhere")
    await bob.say("Have you seen this?")
    await expect(both).to_have_accessible_name("Both 1 unread")
    await alice.open_room("Both")
    await alice.sees("Have you seen this?")
    await expect(both).to_have_accessible_name("Both")

    await alice.box.fill("Half an answ")
    await other.open_room("Both")
    await expect(other.box).to_have_value("Half an answ")
