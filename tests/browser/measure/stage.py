"""Where all is measured: one program, one browser, and a room with a long history."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.async_api import Browser, Page

from hubbub_client.api import Api
from tests.browser.chromium import chromium
from tests.browser.long_room import WITHOUT_LIMITS, write_lines
from tests.browser.people import DESKTOP
from tests.browser.person import PASSWORD
from tests.support.program import Program

SETTINGS: Final = WITHOUT_LIMITS | {"LOG_LEVEL": "warning", "AUTH_REGISTRATIONS_BURST": "1000"}
READER: Final = "alice@example.org"

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Stage:
    """`room` is the id of the room; `messages` is how many are in it."""

    program: Program
    browser: Browser
    room: str
    messages: int

    @property
    def address(self) -> str:
        return f"{self.program.url}/rooms/{self.room}"

    async def page(self) -> Page:
        """Return an empty page of a browser that was never here, with its owner logged in.

        Closing its context is the caller's.
        """
        context = await self.browser.new_context(**DESKTOP, locale="en-GB")
        account = {"email": READER, "password": PASSWORD, "cookie": True}
        answer = await context.request.post(f"{self.program.url}/v1/auth/login", data=account)
        assert answer.ok, await answer.text()
        return await context.new_page()


@asynccontextmanager
async def stage(messages: int) -> AsyncIterator[Stage]:
    """Start everything, and write so many messages."""
    with TemporaryDirectory() as folder:
        program = Program(Path(folder) / "data", settings=SETTINGS)
        async with program, chromium() as browser, Api(program.url) as api:
            await api.register(READER, PASSWORD, "Alice")
            room = str((await api.create_room("Long"))["id"])
            await write_lines(program, api, room, count=messages)
            yield Stage(program, browser, room, messages)
