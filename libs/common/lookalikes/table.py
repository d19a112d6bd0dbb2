"""Reads the tables that lie in this folder; see make/lookalikes.py for where they come from."""

from collections.abc import Iterator
from importlib.resources import files


def rows(name: str) -> Iterator[tuple[str, str]]:
    """Yield the two columns of each line of a table that is not a comment."""
    text = files("libs.common.lookalikes").joinpath(name).read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("# "):
            first, _, second = line.partition(" ")
            yield first, second
