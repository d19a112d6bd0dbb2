"""What a page does that no page should: errors in the console, and policies it breaks."""

import re
from typing import Final

from playwright.async_api import BrowserContext, ConsoleMessage, WebError

REPORT_VIOLATIONS: Final = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy broken: ${event.violatedDirective} by ${event.blockedURI}`);
});
"""

WHO_IS_THERE: Final = re.compile(r"status of 401 .* at \S+/v1/auth/refresh$")
"""A browser reports every refusal. Whether somebody is logged in only the server can say, so the
first page asks, and is refused when nobody is.
"""


class Faults:
    """Collects them, but those that a test causes itself and says so."""

    def __init__(self) -> None:
        self._seen: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    async def watch(self, context: BrowserContext) -> None:
        """Notice the faults of all pages of this context."""
        await context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def expect(self, pattern: str) -> None:
        """Do not count errors that this matches, until `take`."""
        self._expected.append(re.compile(pattern))

    def take(self) -> list[str]:
        """Return what was seen since the last time, and start over."""
        expected = [WHO_IS_THERE, *self._expected]
        seen = [fault for fault in self._seen if not any(one.search(fault) for one in expected)]
        self._seen.clear()
        self._expected.clear()
        return seen

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._seen.append(f"{message.text} at {message.location['url']}")

    def _on_error(self, error: WebError) -> None:
        self._seen.append(str(error.error))
