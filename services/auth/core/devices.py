"""A short name for the device behind a session, so that its owner knows it in a list."""

import unicodedata
from typing import Final

from services.auth.core.accounts import MAX_NAME_CHARS

UNKNOWN: Final = "Unknown device"

# The first that is found counts: most browsers also name those they want to be taken for.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Return `Firefox on Linux`, or the first product's name, or that nothing is known."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    product = user_agent.strip().partition("/")[0].partition(" ")[0]
    visible = "".join(char for char in product if unicodedata.category(char)[0] not in "CZ")
    return visible[:MAX_NAME_CHARS] or UNKNOWN


def _first(marks: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for mark, name in marks if mark in user_agent), None)
