"""Takes a picture of a page by day and one by night."""

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from tests.browser.schemes import SCHEMES, show_by


@dataclass(frozen=True, slots=True)
class Picture:
    """`view` is what is seen, `device` and `scheme` how."""

    view: str
    device: str
    scheme: str

    @property
    def file(self) -> str:
        return f"{self.view}-{self.device}-{self.scheme}.png"


class Camera:
    """Keeps its pictures in one folder."""

    def __init__(self, folder: Path, *, device: str) -> None:
        self.taken: list[Picture] = []
        self._folder = folder
        self._device = device

    async def look(self, view: str, page: Page) -> None:
        """Take both pictures; nothing moves on them, and no caret blinks."""
        for scheme in SCHEMES:
            picture = Picture(view, self._device, scheme)
            await show_by(scheme, page)
            await page.screenshot(path=self._folder / picture.file, animations="disabled")
            self.taken.append(picture)
