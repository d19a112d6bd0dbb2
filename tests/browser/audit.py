"""What would be in the way of somebody who hears the page, or sees little of it.

Asked of axe, which knows the rules of WCAG: names, roles, order of headings, contrast and so on.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from tests.browser.schemes import Scheme, show_by

AXE: Final = Path(__file__).parents[2] / "clients/web/node_modules/axe-core/axe.min.js"

RUN: Final = "(options) => axe.run(document, { resultTypes: ['violations'], ...options })"

COLOURS: Final = {"runOnly": ["color-contrast"]}
"""What is asked again of a page that was asked everything in other colours."""

GRAVE: Final = ("serious", "critical")
"""The two upper ones of axe's four words for how much something matters."""


class Audit:
    """Asks of all that is looked at, in each of `schemes`; `found` says what, where, and why."""

    def __init__(self, schemes: Sequence[Scheme]) -> None:
        self.found: list[str] = []
        self._schemes = schemes

    async def look(self, view: str, page: Page) -> None:
        for scheme in self._schemes:
            await show_by(scheme, page)
            grave = await audit(page, is_again=scheme != self._schemes[0])
            self.found.extend(f"{view}, {scheme}: {one}" for one in grave)


async def audit(page: Page, *, is_again: bool = False) -> list[str]:
    """Return what is grave on the page as it stands: what, and where.

    `is_again`: only its colours have changed since the last time.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate(RUN, COLOURS if is_again else {})
    return list(_grave(found["violations"]))


def _grave(violations: list[dict[str, Any]]) -> Iterator[str]:
    for violation in violations:
        if violation["impact"] in GRAVE:
            for node in violation["nodes"]:
                where = " ".join(str(part) for part in node["target"])
                why = " ".join(node["failureSummary"].split())
                yield f"{violation['id']}: {violation['help']}\n    {where}\n    {why}"
