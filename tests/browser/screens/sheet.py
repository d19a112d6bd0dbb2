"""All pictures on one page: a row for everything that is seen."""

from collections.abc import Iterable
from html import escape
from typing import Final

from tests.browser.screens.camera import Picture

HEAD: Final = """<!doctype html>
<meta charset="utf-8">
<title>Screens of Hubbub</title>
<style>
  body { margin: 2rem; background: #808080; font: 15px system-ui; color: #fff; }
  section { display: flex; gap: 1rem; align-items: start; margin-bottom: 2rem; }
  h2 { width: 10rem; flex: none; font-size: 1rem; }
  img { height: 25rem; border-radius: 6px; }
</style>
<h1>Screens of Hubbub</h1>
"""


def sheet(pictures: Iterable[Picture]) -> str:
    """Return the page; the pictures are beside it."""
    rows: dict[str, list[Picture]] = {}
    for picture in pictures:
        rows.setdefault(picture.view, []).append(picture)
    return HEAD + "".join(_row(view, taken) for view, taken in rows.items())


def _row(view: str, pictures: Iterable[Picture]) -> str:
    images = "".join(_image(picture.file) for picture in pictures)
    return f"<section><h2>{escape(view)}</h2>{images}</section>\n"


def _image(file: str) -> str:
    return f'<a href="{escape(file)}"><img src="{escape(file)}" alt="" loading="lazy"></a>'
