"""People with a browser each, and what went wrong in front of them."""

from itertools import count
from typing import Any, Final

from playwright.async_api import Browser

from tests.browser.faults import Faults
from tests.browser.person import Person

DESKTOP: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}}
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}

_numbers = count(1)


class People:
    """Makes them; everybody has an address of their own, whatever they are called."""

    def __init__(self, browser: Browser, *, url: str) -> None:
        self.faults = Faults()
        self._browser = browser
        self._url = url
        self._made: list[Person] = []

    async def stranger(self, name: str, **device: Any) -> Person:
        """Return somebody who has never been here."""
        context = await self._browser.new_context(**(device or DESKTOP), locale="en-GB")
        await self.faults.watch(context)
        email = f"{name.lower()}.{next(_numbers)}@example.org"
        person = Person(name, email, url=self._url, page=await context.new_page())
        self._made.append(person)
        return person

    async def join(self, name: str, **device: Any) -> Person:
        """Return somebody who has an account and is logged in."""
        person = await self.stranger(name, **device)
        await person.sign_up()
        return person

    async def another_page(self, person: Person) -> Person:
        """Return the same person in front of another page of their browser."""
        page = await person.context.new_page()
        other = Person(person.name, person.email, url=self._url, page=page)
        await other.open("/rooms")
        return other

    async def leave(self) -> None:
        for person in self._made:
            await person.context.close()
        self._made.clear()
