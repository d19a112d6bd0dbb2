"""The page that tells what is in a copy of somebody's data: pure."""

from collections.abc import Sequence
from html import escape
from typing import Final

PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Your data</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto }}
code {{ background: #8882; padding: 0 .3em }}
</style>
<h1>Your data</h1>
<p>This is what {origin} keeps of {name}, collected on {at}. The files are JSON: text that any
editor shows and most programs read. What takes several files is numbered in their order.</p>
<ul>
{files}
</ul>
<p>What others wrote, and who else is in your rooms, belongs to them and is not in here. Passwords
and keys are not in here either: nobody but a thief could use them.</p>
"""

MEANINGS: Final = {
    "profile": "your account: name, e-mail address, role",
    "preferences": "how you like the chat",
    "picture": "your picture",
    "sessions": "where you are, or were, logged in",
    "identities": "accounts elsewhere with which you log in",
    "passkeys": "your passkeys, by name",
    "tokens": "API tokens of yours and of your bots, by name",
    "bots": "your bots",
    "invitations": "invitations that you made",
    "acts": "the audit log, as far as it is about you",
    "rooms": "the rooms that you are in",
    "messages": "what you wrote, with its earlier versions, and how many people reacted with what",
    "reactions": "your reactions to messages",
    "read-positions": "how far you have read in each room",
    "presence": "what you chose to be seen as, and when you were last seen",
}


def index(names: Sequence[str], *, name: str, origin: str, at: str) -> bytes:
    """Return the page for the files of these names, each `kind-number.ending`."""
    files = "\n".join(
        f'<li><a href="{escape(file)}"><code>{escape(file)}</code></a> {escape(_meaning(file))}'
        for file in names
    )
    page = PAGE.format(origin=escape(origin), name=escape(name), at=escape(at), files=files)
    return page.encode()


def _meaning(file: str) -> str:
    kind = file.rpartition("/")[2].partition(".")[0].rstrip("0123456789").rstrip("-")
    return MEANINGS.get(kind, "")
