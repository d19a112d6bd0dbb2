"""What is expected of whom, written down where people can read it: a file for each place.

A line is an act, a column is somebody. `200` and `ok` are allowed; `404` is `not_found`, as each
status has a code that goes without saying; any other code is named, `403:not_member`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "expected"

USUAL: Final = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    422: "invalid",
}

Row = Mapping[str, str]
"""From who it is to what they are answered."""


def answer(status: int, code: str | None) -> str:
    """Return how the answer to an HTTP request stands in a table."""
    return str(status) if code in (None, USUAL.get(status)) else f"{status}:{code}"


def read(place: str) -> dict[str, Row]:
    """Return the rows of a place by the names of their acts."""
    people, *rows = (FOLDER / f"{place}.txt").read_text().splitlines()
    names = people.split()
    table: dict[str, Row] = {}
    for row in rows:
        method, path, *cells = row.split()
        table[f"{method} {path}"] = dict(zip(names, cells, strict=True))
    return table


def written(rows: Mapping[str, Row], people: Sequence[str]) -> str:
    """Return the text of a file."""
    lines = [["", *people]] + [[act, *(row[who] for who in people)] for act, row in rows.items()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]
    return "".join(f"{line.rstrip()}\n" for line in padded)
