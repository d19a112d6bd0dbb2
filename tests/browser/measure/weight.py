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

CODE: Final = ("js", "css")
WORKER: Final = "/sw.js"
"""Fetched behind the page's back, when the page is there."""


def first_load(files: Mapping[str, File]) -> dict[str, int]:
    """Return the bytes by kind (html, js, css, svg ...) until somebody can log in."""
    page = files[INDEX]
    return _by_kind(files, [INDEX, *NAMED.findall(page.content.decode())])


def all_code(files: Mapping[str, File]) -> dict[str, int]:
    """Return the bytes by kind of all scripts and styles: those of somebody who is in a room."""
    return _by_kind(files, [name for name in files if _kind(name) in CODE and name != WORKER])


def _by_kind(files: Mapping[str, File], names: Iterable[str]) -> dict[str, int]:
    sizes = Counter[str]()
    for name in names:
        sizes[_kind(name)] += _sent(files[name])
    return dict(sizes)


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _sent(file: File) -> int:
    return len(file.content if file.packed is None else file.packed)
