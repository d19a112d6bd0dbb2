"""The people of the demo, who write in many languages, as their owner sees them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import expect

from services.demo.people import PASSWORD
from tests.browser.people import People
from tests.browser.tour import Look
from tests.support.program import Program

OWNER: Final = "alice@example.org"
ROOMS: Final = {"story-welcome": "Welcome", "story-harbour": "Harbour", "story-tea": "茶室"}
"""What is seen, and how the title of the room begins."""

SHARE: Final = "0.02"
"""Of the long histories: nobody scrolls here."""

TOLD_WITHIN_S: Final = 60.0


@asynccontextmanager
async def story(folder: Path, settings: dict[str, str]) -> AsyncIterator[Program]:
    """Tell the story of the demo and start the program on it."""
    program = Program(folder, settings=settings)
    telling = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.demo", "seed", "--share", SHARE),
        env=os.environ | {"DATA_DIR": str(folder)},
        stdout=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(TOLD_WITHIN_S):
        assert await telling.wait() == 0
    async with program:
        yield program


async def read_on(people: People, device: dict[str, Any], look: Look) -> None:
    """Look at some of its rooms."""
    alice = await people.stranger("Alice", **device)
    alice.email = OWNER
    await alice.open("/login")
    await alice.log_in(password=PASSWORD)
    for view, title in ROOMS.items():
        await alice.open("/rooms")
        await alice.rooms.get_by_role("link").filter(has_text=title).click()
        await expect(alice.box).to_be_visible()
        await expect(alice.log.get_by_role("article").last).to_be_visible()
        await alice.page.mouse.move(0, 0)
        await look(view, alice.page)
