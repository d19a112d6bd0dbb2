"""What `make demo` says to whoever started it: two people, two links, a few things to try."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from services.demo.people import PASSWORD

FIRST: Final = "alice"
SECOND: Final = "bob"
COMPANY: Final = "ines"

EVERYWHERE: Final = "//0.0.0.0"
"""Where one listens for a phone to come in; no address that a browser should be sent to."""

SILENT: Final = ("NO_BROWSER", "CI")
"""Variables that keep a browser from being opened."""

SCREENS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
"""Without one of them a browser would be one of letters, in this very terminal."""


def link(address: str, who: str) -> str:
    """Return the page to log in as somebody of the demo, with the e-mail filled in."""
    here = address.replace(EVERYWHERE, "//127.0.0.1", 1)
    return f"{here}/login#email={quote(f'{who}@example.org', safe='')}"


def guide(address: str) -> str:
    """Return the story with its links, as it is printed."""
    return f"""
You are two people, side by side. The password of everybody here is: {PASSWORD}

  Alice  {link(address, FIRST)}
  Bob    {link(address, SECOND)}
         (in a private window, or another browser)

Inês is there already, in Welcome, and keeps you company.

  1. Open Welcome in both, write as Alice, and watch Bob: dots, then the message.
  2. React to it as Bob, answer it, edit it, delete it. Alice sees each at once.
  3. Press Ctrl-Z here: the server stands still. Write on; it waits. `fg` lets it go on, and all
     arrives, once and in order. `kill -9` and `make demo` again will do, too.
  4. Switch a browser to offline (developer tools, network), read on, write, reload. Come back.
  5. As Alice, appear as invisible: for Bob you are gone, and you can still write.
  6. Scroll in "Weather station": ten thousand messages. Then look for right to left in "Harbour".
  7. On a phone in your own network: `HOST=0.0.0.0 ALLOW_PLAIN_HTTP=true make demo`, then open
     http://<this machine>:{address.rpartition(":")[2]}.

Everybody else of the demo can be logged in as, too: docs/demo.md says who they are.
"""


def may_open_browser(environ: Mapping[str, str], *, is_terminal: bool, platform: str) -> bool:
    """Tell whether somebody sits before a screen on which a browser would be welcome."""
    if not is_terminal or any(environ.get(name) for name in SILENT):
        return False
    return platform == "darwin" or any(environ.get(name) for name in SCREENS)
