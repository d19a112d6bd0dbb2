"""Everything that the web client can show, one after the other.

A visitor is taken through all pages and states, and looks at each: with a camera, or with the
questions of somebody who cannot see. What is not on this way is looked at by nobody.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from playwright.async_api import Page, expect

from tests.browser.people import People
from tests.browser.person import Person
from tests.browser.relay import REFUSED, Relay
from tests.browser.scene import EMPTY_ROOM, STRANGE_ROOM, Scene

Look = Callable[[str, Page], Awaitable[None]]
"""Looks at a page; the name says what is seen."""


SECTIONS: Final = {
    "profile": "As others see you, everywhere",
    "preferences": "Notify me of",
    "privacy": "Who sees it",
    "security": "A second step when you log in",
    "devices": "This device",
    "tokens": "A token lets a program act as you",
    "deleted-rooms": "Rooms of yours that you have deleted",
    "data": "A copy of your data",
}
"""The sections of the settings that everybody has, and what is read in each."""


class Tour:
    """`device` is what contexts of the browser are made with."""

    def __init__(
        self, people: People, scene: Scene, device: dict[str, Any], *, relay: Relay, look: Look
    ) -> None:
        self._people = people
        self._scene = scene
        self._device = device
        self._relay = relay
        self._look = look

    async def walk(self) -> None:
        """See everything. Whoever looks changes nothing."""
        await self._entry()
        await self._newcomer()
        reader = await self._reader()
        await self._rooms(reader)
        await self._settings(reader)
        await self._conversation(reader)
        await self._message(reader)
        await self._other_rooms(reader)
        await self._trouble(reader)

    # Before one is in

    async def _entry(self) -> None:
        stranger = await self._people.stranger("Newcomer", **self._device)
        await stranger.open("/login")
        await expect(stranger.heading("Log in")).to_be_visible()
        await self._look("log-in", stranger.page)
        await stranger.fill_in(E_mail="nobody@example.org", Password="not my password")
        self._people.faults.expect(r"status of 401 .* at \S+/v1/auth/login$")
        await stranger.press("Log in")
        await expect(stranger.alert("E-mail or password is wrong.")).to_be_visible()
        await self._look("log-in-refused", stranger.page)
        await stranger.open("/register")
        await expect(stranger.heading("Register")).to_be_visible()
        await self._look("register", stranger.page)
        await stranger.open("/setup#token=abc")
        await expect(stranger.heading("Set up Hubbub")).to_be_visible()
        await self._look("set-up", stranger.page)
        await self._ways_in(stranger)

    async def _ways_in(self, stranger: Person) -> None:
        await stranger.open("/forgot")
        await expect(stranger.heading("Forgot your password?")).to_be_visible()
        await self._look("password-forgot", stranger.page)
        await stranger.fill_in(E_mail="nobody@example.org")
        await stranger.press("Make the link")
        await expect(stranger.heading("Ask for the link")).to_be_visible()
        await self._look("password-mailed", stranger.page)
        await stranger.open("/reset#token=abc")
        await expect(stranger.heading("A new password")).to_be_visible()
        await self._look("password-reset", stranger.page)
        self._people.faults.expect(r"status of 403 .* at \S+/v1/auth/email/verify$")
        await stranger.open("/verify#token=abc")
        await expect(stranger.page.get_by_text("Each link works once")).to_be_visible()
        await self._look("email-refused", stranger.page)
        await stranger.open("/login#challenge=abc&methods=totp,recovery,passkey")
        await expect(stranger.page.get_by_label("Code", exact=True)).to_be_visible()
        await self._look("log-in-second", stranger.page)

    async def _newcomer(self) -> None:
        newcomer = await self._people.join("Newcomer", **self._device)
        await expect(newcomer.rooms.get_by_text("You are in no room yet.")).to_be_visible()
        await self._look("rooms-none", newcomer.page)
        await newcomer.context.close()

    async def _reader(self) -> Person:
        reader = await self._people.stranger(self._scene.reader, **self._device)
        reader.email = self._scene.email
        await self._relay.stand_before(reader.context)
        await reader.open("/login")
        await reader.log_in()
        return reader

    # The list of rooms

    async def _rooms(self, reader: Person) -> None:
        await expect(reader.rooms.get_by_role("link", name=self._scene.room)).to_be_visible()
        await self._look("rooms", reader.page)
        await reader.press("New room")
        await self._look("room-new", reader.page)
        await reader.press("Close")
        await reader.press("Your settings")
        await self._look("settings", reader.page)
        await reader.page.keyboard.press("Escape")
        await reader.press("Jump to a room (Ctrl+K)")
        await self._look("jump", reader.page)
        await reader.press("Close")
        await reader.page.keyboard.press("?")
        await self._look("keys", reader.page)
        await reader.press("Close")
        await reader.open("/find")
        await expect(reader.page.get_by_role("main").get_by_role("listitem").first).to_be_visible()
        await self._look("find", reader.page)
        await reader.page.get_by_role("searchbox", name="Search rooms").fill("zzzz")
        await expect(reader.page.get_by_text("No room matches.")).to_be_visible()
        await self._look("find-nothing", reader.page)
        await reader.open("/nowhere")
        await expect(reader.page.get_by_text("There is no such page.")).to_be_visible()
        await self._look("page-unknown", reader.page)

    # What somebody sets for themselves

    async def _settings(self, reader: Person) -> None:
        await reader.open("/settings")
        await expect(reader.page.get_by_role("link", name="Your data")).to_be_visible()
        await self._look("settings-all", reader.page)
        for section, words in SECTIONS.items():
            await reader.open(f"/settings/{section}")
            await expect(reader.page.get_by_text(words)).to_be_visible()
            await expect(reader.page.locator("[aria-busy=true]")).to_have_count(0)
            await self._look(f"settings-{section}", reader.page)
        await self._questions(reader)

    async def _questions(self, reader: Person) -> None:
        await reader.open("/settings/security")
        for button, name in {"Change password": "password-change", "Set up": "totp"}.items():
            await reader.press(button)
            await expect(reader.page.get_by_role("dialog")).to_be_visible()
            await self._look(f"settings-{name}", reader.page)
            await reader.press("Close")
        await reader.open("/settings/tokens")
        await reader.press("New token")
        await self._look("settings-token-new", reader.page)
        await reader.open("/settings/data")
        await reader.press("Delete my account")
        await self._look("settings-delete", reader.page)

    # A room

    async def _conversation(self, reader: Person) -> None:
        await reader.open(f"/rooms/{self._scene.room_id}")
        await reader.is_in(self._scene.room)
        await expect(reader.message("Take the blue can")).to_be_visible()
        await self._scene.friend_types()
        await expect(reader.page.get_by_text(f"{self._scene.friend} is typing")).to_be_visible()
        await self._look("conversation", reader.page)
        await reader.show_members()
        await self._look("members", reader.page)
        await reader.press("Close members")

    async def _message(self, reader: Person) -> None:
        mine = reader.message("Who can water")
        await reader.press("Add reaction", on=mine)
        await self._look("message-react", reader.page)
        await reader.press("More emoji", on=mine)
        await self._look("message-emoji", reader.page)
        await reader.press("Close")
        await reader.press("Reply", on=mine)
        await self._look("message-reply", reader.page)
        await reader.page.keyboard.press("Escape")
        await reader.press("Edit message", on=mine)
        await self._look("message-edit", reader.page)
        await reader.page.keyboard.press("Escape")
        await reader.press("Delete message", on=mine)
        await self._look("message-delete", reader.page)
        await reader.press("Keep it")

    async def _other_rooms(self, reader: Person) -> None:
        await reader.open("/rooms")
        await reader.open_room("Neighbours")
        await expect(reader.message("Something").last).to_be_visible()
        await self._look("conversation-unread", reader.page)
        await reader.open("/rooms")
        await reader.open_room(EMPTY_ROOM)
        await expect(reader.page.get_by_text("Nothing has been said here yet.")).to_be_visible()
        await self._look("room-empty", reader.page)
        await reader.open("/find")
        await reader.page.get_by_role("link", name=STRANGE_ROOM).click()
        await expect(reader.page.get_by_text("You are looking in.")).to_be_visible()
        await self._look("room-strange", reader.page)
        self._people.faults.expect(r"status of 404 .* at \S+/v1/rooms/")
        await reader.open("/rooms/00000000-0000-0000-0000-000000000000")
        await expect(reader.page.get_by_text("There is no such room")).to_be_visible()
        await self._look("room-unknown", reader.page)

    # What goes wrong

    async def _trouble(self, reader: Person) -> None:
        await reader.open(f"/rooms/{self._scene.room_id}")
        await reader.is_in(self._scene.room)
        await reader.say(REFUSED)
        await expect(reader.message(REFUSED)).to_contain_text("Not sent")
        await self._look("message-failed", reader.page)
        await reader.press("Discard")
        self._people.faults.expect("ERR_INTERNET_DISCONNECTED")
        await reader.context.set_offline(True)
        await expect(reader.status).to_contain_text("Offline")
        await reader.say("I can bring the cherries on Sunday")
        await expect(reader.message("cherries")).to_contain_text("Waiting")
        await self._look("offline", reader.page)
        # Who never comes back never says it: the next visitor finds the room as this one did.
        await reader.context.close()
