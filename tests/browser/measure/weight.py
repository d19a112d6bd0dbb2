"""What a browser fetches before it can show anything, in bytes as the gateway sends them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from services.gateway.api.site import INDEX, File

DIST: Final = Path(__file__).parents[3] / "clients" / "web" / "dist"

NAMED: Final = re.compile(r'<(?:script|link)\b[^>]*?\b(?:src|href)="(/[^"]+)"')
"""What a page names in its head; Vite names there every chunk that the first one imports."""

IMPORTED: Final = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')
"""What a chunk cannot begin without; what it fetches when it is needed stands in brackets."""

CODE: Final = ("js", "css")
WORKER: Final = "/sw.js"
"""Fetched behind the page's back, when the page is there."""

OF_ROOMS: Final = re.compile(r"/assets/(RoomsPage|disk|polls)-")
"""What comes by itself to somebody who is in, or where their network lets no socket through."""


def first_load(files: Mapping[str, File]) -> dict[str, int]:
    """Return the bytes by kind (html, js, css, svg ...) until somebody can log in."""
    page = files[INDEX]
    return _by_kind(files, [INDEX, *NAMED.findall(page.content.decode())])


def in_a_room(files: Mapping[str, File]) -> dict[str, int]:
    """Return the bytes by kind of the scripts and styles that somebody in a room has fetched."""
    first = NAMED.findall(files[INDEX].content.decode())
    rooms = [name for name in files if OF_ROOMS.match(name)]
    names = _with_imported(files, [*first, *rooms])
    return _by_kind(files, [name for name in names if _kind(name) in CODE])


def all_code(files: Mapping[str, File]) -> dict[str, int]:
    """Return the bytes by kind of all scripts and styles, settings and administration too."""
    return _by_kind(files, [name for name in files if _kind(name) in CODE and name != WORKER])


def _with_imported(files: Mapping[str, File], names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            text = files[name].content.decode() if _kind(name) == "js" else ""
            waiting += [f"/assets/{one}" for one in IMPORTED.findall(text)]
    return found


def _by_kind(files: Mapping[str, File], names: Iterable[str]) -> dict[str, int]:
    sizes = Counter[str]()
    for name in names:
        sizes[_kind(name)] += _sent(files[name])
    return dict(sizes)


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _sent(file: File) -> int:
    return len(file.content if file.packed is None else file.packed)
