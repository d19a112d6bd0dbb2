"""Somebody in front of the web client: what they do and what they see, in the words of the page."""

import re
from contextlib import suppress
from typing import Any, Final

from playwright.async_api import BrowserContext, Locator, Page, expect
from playwright.async_api import TimeoutError as NotInTime

PASSWORD: Final = "correct horse battery staple"

WITHIN_MS: Final = 30_000.0
"""How long a page may take on a busy machine; on an idle one, what it is waited for is there in
half a second.
"""

STANDING: Final = re.compile(
    "^(Connected|Connecting|Reconnecting|Offline|Disconnected|Used elsewhere|Account blocked)"
)
"""How a page says that it stands with its server."""

TRIES: Final = 10


class Person:
    """One page of one browser. `context` keeps who is logged in."""

    def __init__(self, name: str, email: str, *, url: str, page: Page) -> None:
        self.name = name
        self.email = email
        self.page = page
        self._url = url

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    # What they see

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status").filter(has_text=STANDING).locator("visible=true")

    @property
    def rooms(self) -> Locator:
        return self.page.get_by_role("navigation", name="Rooms")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    def message(self, text: str) -> Locator:
        return self.log.get_by_role("article").filter(has_text=text)

    @property
    def unsent(self) -> Locator:
        """What the server has not taken, in order."""
        return self.log.get_by_role("article", name=re.compile("not sent yet$"))

    def alert(self, text: str) -> Locator:
        return self.page.get_by_role("alert").filter(has_text=text)

    def heading(self, text: str) -> Locator:
        return self.page.get_by_role("heading", name=text)

    # What they do

    async def open(self, path: str) -> None:
        await self.page.goto(self._url + path)

    async def fill_in(self, **fields: str) -> None:
        """Fill in a form by its labels."""
        for label, text in fields.items():
            await self.page.get_by_label(label.replace("_", "-"), exact=True).fill(text)

    async def press(self, name: str, *, on: Locator | None = None) -> None:
        """Press a button; on a message, after pointing at it."""
        button = (on or self.page).get_by_role("button", name=name, exact=True)
        if on is None:
            await button.click()
            return
        for _ in range(TRIES):
            await on.hover()
            # What comes in meanwhile may move the message away from under the pointer.
            with suppress(NotInTime):
                await button.click(timeout=WITHIN_MS / TRIES)
                return
        raise AssertionError(f"{name!r} cannot be pressed")

    async def register(self) -> None:
        """Fill in the page that is open and become somebody."""
        await self.fill_in(Name=self.name, E_mail=self.email, Password=PASSWORD)
        await self.press("Register")
        await self.is_connected()

    async def log_in(self, *, password: str = PASSWORD) -> None:
        await self.fill_in(E_mail=self.email, Password=password)
        await self.press("Log in")
        await self.is_connected()

    async def is_connected(self, *, within_ms: float = WITHIN_MS) -> None:
        await expect(self.status).to_have_text("Connected", timeout=within_ms)

    async def choose(self, setting: str) -> None:
        """Choose how they appear to others, or how the page appears to them."""
        await self.press("Your settings")
        radio = self.page.get_by_role("radio", name=re.compile(f"^{setting}"))
        await radio.press("Space")
        await expect(radio).to_be_checked()
        await self.page.keyboard.press("Escape")

    async def make_room(self, title: str, *, kind: str = "Public", **fields: str) -> None:
        """Make a room and be in it."""
        await self.press("New room")
        await self.fill_in(Title=title, **fields)
        await self.page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
        await self.press("Create room")
        await self.is_in(title)

    async def join_room(self, title: str) -> None:
        """Find a public room, become a member, and be in it."""
        await self.open("/find")
        await self.page.get_by_role("searchbox", name="Search rooms").fill(title)
        items = self.page.get_by_role("main").get_by_role("listitem")
        found = items.filter(has=self.page.get_by_text(title, exact=True))
        await found.get_by_role("button", name="Join").click()
        await self.is_in(title)

    async def open_room(self, title: str) -> None:
        await self.rooms.get_by_role(
            "link", name=re.compile(rf"^{re.escape(title)}( \S+ unread.*)?$")
        ).click()
        await self.is_in(title)

    async def is_in(self, title: str) -> None:
        await expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()
        await expect(self.box).to_be_visible()

    async def show_members(self) -> None:
        await self.page.get_by_role("button", name=re.compile("^Members")).click()
        await expect(self.page.get_by_role("complementary", name="Members")).to_be_visible()

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")

    async def sees(self, text: str) -> None:
        """See a message once, sent."""
        await expect(self.message(text)).to_have_count(1)
        await expect(self.message(text)).not_to_have_accessible_name(re.compile("not sent yet"))

    # What they need not do by hand

    async def sign_up(self) -> None:
        """Become somebody without filling in a form, and be logged in in this browser."""
        account = {"name": self.name, "email": self.email, "password": PASSWORD, "cookie": True}
        await self.post("/v1/auth/register", account)
        await self.open("/rooms")
        await self.is_connected()

    async def post(self, path: str, body: dict[str, Any]) -> None:
        """Ask the server for something, as this browser.  Raises: AssertionError, when refused."""
        answer = await self.context.request.post(self._url + path, data=body)
        assert answer.ok, await answer.text()
