"""The pages of rooms that people run, one after the other: the door, the desk, the invitation."""

import re
from typing import Any, Final

from playwright.async_api import expect

from tests.browser.gathering import ASKED, DOOR_PASSWORD, GUESTS, SPAM, Gathering
from tests.browser.people import People
from tests.browser.person import Person
from tests.browser.relay import Relay
from tests.browser.tour import Look

DESK: Final = {
    "members": "Hanna Holm",
    "invites": "Used by 0 of 1",
    "reports": "The third time this week.",
    "sanctions": "Shouted at newcomers",
    "room": "The end of this room",
    "history": "Nobody can change or remove a line of it.",
}
"""The sections of a desk that every kind of room has, and what is read in each."""


class Rounds:
    """`device` is what contexts of the browser are made with."""

    def __init__(
        self,
        people: People,
        gathering: Gathering,
        device: dict[str, Any],
        *,
        relay: Relay,
        look: Look,
    ) -> None:
        self._people = people
        self._gathering = gathering
        self._device = device
        self._relay = relay
        self._look = look

    async def walk(self) -> None:
        """See everything. Whoever looks changes nothing."""
        robin = await self._doors()
        await self._guest(robin)
        fay = await self._facilitator()
        await self._guests(fay)
        await self._leave(robin)
        await self._desk(fay)
        await self._peace(fay)
        await self._invitation()

    # Guests

    async def _doors(self) -> Person:
        robin = await self._stranger("Robin")
        await robin.open(f"/g/{self._gathering.early}")
        await expect(robin.page.get_by_role("timer")).to_be_visible()
        await self._look("door-early", robin.page)
        await robin.open(f"/g/{self._gathering.past}")
        await expect(robin.page.get_by_text("This room has closed.")).to_be_visible()
        await self._look("door-closed", robin.page)
        self._people.faults.expect(r"status of 404 .* at \S+/v1/guest-rooms/")
        await robin.open("/g/nowhere")
        await expect(robin.page.get_by_text("There is no such room.")).to_be_visible()
        await self._look("door-unknown", robin.page)
        await robin.open(f"/g/{self._gathering.hour}")
        await expect(robin.page.get_by_label("Your name")).to_be_visible()
        await self._look("door", robin.page)
        self._people.faults.expect(r"status of 40[19] .* at \S+/v1/guest-rooms/")
        await self._knock(robin, GUESTS[0], DOOR_PASSWORD)
        await expect(robin.page.get_by_text("is called so, or nearly so")).to_be_visible()
        await self._look("door-taken", robin.page)
        await self._knock(robin, robin.name, "daisy")
        await expect(robin.page.get_by_text("That is not the password.")).to_be_visible()
        await self._look("door-refused", robin.page)
        return robin

    async def _knock(self, guest: Person, alias: str, password: str) -> None:
        await guest.page.get_by_label("Your name").fill(alias)
        await guest.page.get_by_label("Password", exact=True).fill(password)
        await guest.press("Come in")

    async def _guest(self, robin: Person) -> None:
        await self._knock(robin, robin.name, DOOR_PASSWORD)
        await expect(robin.box).to_be_visible()
        await expect(robin.message(ASKED)).to_be_visible()
        await self._look("guest", robin.page)
        await robin.show_members()
        await self._look("guest-members", robin.page)
        await robin.press("Close members")

    async def _leave(self, robin: Person) -> None:
        await robin.press("Leave room")
        await self._look("guest-leave", robin.page)
        await robin.press("Leave")
        await expect(robin.alert("You have left this room.")).to_be_visible()
        await self._look("guest-over", robin.page)
        await robin.context.close()

    # Who looks after rooms

    async def _facilitator(self) -> Person:
        fay = await self._stranger(self._gathering.facilitator)
        fay.email = self._gathering.email
        await fay.open("/login")
        await fay.log_in()
        await fay.press("New room")
        await fay.page.get_by_role("radio", name=re.compile("^Guests")).check()
        await self._look("room-new-guests", fay.page)
        await fay.press("Close")
        return fay

    async def _guests(self, fay: Person) -> None:
        await self._open_desk(fay, self._gathering.hour_id, "guests", "Robin")
        await self._look("desk-guests", fay.page)
        for button, view in {"Show as QR code": "link", "Set the times": "hours"}.items():
            await fay.press(button)
            await self._look(f"desk-{view}", fay.page)
            await fay.press("Close")
        await fay.press("Manage Robin")
        await self._look_at_person("desk-guest", fay)
        await fay.press("Close")

    async def _desk(self, fay: Person) -> None:
        choir = self._gathering.choir
        for section, words in DESK.items():
            await self._open_desk(fay, choir, section, words)
            await self._look(f"desk-{section}", fay.page)
        await self._open_desk(fay, choir, "invites", DESK["invites"])
        await fay.press("New invitation")
        await self._look("desk-invite-new", fay.page)
        await fay.press("Close")
        await self._open_desk(fay, choir, "members", DESK["members"])
        for singer, view in {"Hanna Holm": "admin", "Gus Gray": "muted"}.items():
            await fay.press(f"Manage {singer}")
            await self._look_at_person(f"desk-{view}", fay)
            await fay.press("Close")

    async def _look_at_person(self, view: str, fay: Person) -> None:
        dialog = fay.page.get_by_role("dialog")
        await expect(dialog.get_by_role("button", name="Ban from this room")).to_be_visible()
        await expect(dialog.locator("[aria-busy=true]")).to_have_count(0)
        await self._look(view, fay.page)

    async def _open_desk(self, fay: Person, room: str, section: str, words: str) -> None:
        await fay.open(f"/rooms/{room}/desk/{section}")
        await expect(fay.page.get_by_text(words).first).to_be_visible()
        await expect(fay.page.locator("[aria-busy=true]")).to_have_count(0)

    # What everybody does for themselves

    async def _peace(self, fay: Person) -> None:
        await fay.open(f"/rooms/{self._gathering.choir}")
        spam = fay.message(SPAM)
        await expect(fay.page.get_by_text("You have blocked this person.")).to_be_visible()
        await self._look("conversation-folded", fay.page)
        await fay.press("Report message", on=spam)
        await expect(fay.heading("Report this message")).to_be_visible()
        await self._look("message-report", fay.page)
        await fay.press("Close")
        for section, words in {"privacy": "Ivo Ives", "deleted-rooms": "Last year"}.items():
            await fay.open(f"/settings/{section}")
            await expect(fay.page.get_by_text(words).first).to_be_visible()
            await expect(fay.page.locator("[aria-busy=true]")).to_have_count(0)
            await self._look(f"settings-{section}-full", fay.page)
        await fay.context.close()

    async def _invitation(self) -> None:
        lena = await self._people.join("Lena", **self._device)
        await lena.open(f"/invite/{self._gathering.invite}")
        await expect(lena.page.get_by_role("button", name="Join Choir")).to_be_visible()
        await self._look("invitation", lena.page)
        self._people.faults.expect(r"status of 404 .* at \S+/v1/invites/")
        await lena.open("/invite/nothing")
        await expect(lena.page.get_by_text("This invitation is not good.")).to_be_visible()
        await self._look("invitation-bad", lena.page)
        await lena.context.close()

    async def _stranger(self, name: str) -> Person:
        stranger = await self._people.stranger(name, **self._device)
        await self._relay.stand_before(stranger.context)
        return stranger
