"""The machine's own Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, async_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(Exception):
    """There is no Chromium on this machine."""

    def __str__(self) -> str:
        return "There is no Chromium on this machine: `make browser` installs it."


def find_chromium(folders: str) -> str:
    """Return the path of the browser; `folders` as in `PATH`.  Raises: NoBrowser."""
    for name in NAMES:
        if found := shutil.which(name, path=folders):
            return found
    raise NoBrowser


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser, without a window, and end it.  Raises: NoBrowser."""
    path = find_chromium(os.environ["PATH"])
    async with async_playwright() as playwright:
        # Chromium will not build its sandbox for root, as which containers run.
        browser = await playwright.chromium.launch(
            executable_path=path, chromium_sandbox=os.geteuid() != 0
        )
        try:
            yield browser
        finally:
            await browser.close()
