"""The files of docs/transcripts, line by line.

    # a remark
    (Bob connects)                     a happening: see `happenings`
    B> {"type":"auth",...}             a frame that Bob says, B is for Bob
    B< {"type":"ready",...}            a frame that he hears
    B< close 1012                      his socket is closed by the server, with this code
    B> POST /v1/sync {"cursors":{}}    a request of his over HTTP, with his token
    B< 200 {"events":[],...}           its answer

A line that begins with a space, and not with a happening, goes on with the one before. What may
stand in the JSON is said by `patterns`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.transcripts import happenings, patterns
from tests.transcripts.happenings import Happening

FOLDER: Final = Path(__file__).parents[2] / "docs/transcripts"

SPOKEN: Final = re.compile(r"([A-Z])([<>]) (.*)", re.DOTALL)
REQUEST: Final = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (\S+)(?: (.*))?", re.DOTALL)
CLOSE: Final = re.compile(r"close (\d{4})(?: (\S+))?")
ANSWER: Final = re.compile(r"(\d{3})(?: (.*))?", re.DOTALL)
FOR_CLIENTS: Final = re.compile(r"# For clients: ([A-Z](?:, [A-Z])*)")


@dataclass(frozen=True, slots=True)
class Said:
    """A frame that a client says."""

    who: str
    frame: Any


@dataclass(frozen=True, slots=True)
class Heard:
    """A frame that a client hears."""

    who: str
    frame: Any


@dataclass(frozen=True, slots=True)
class Closed:
    """The server closes a client's socket; `reason` is None where it does not matter."""

    who: str
    code: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request over HTTP."""

    who: str
    method: str
    path: str
    body: Any


@dataclass(frozen=True, slots=True)
class Answered:
    """What the request before is answered with; `body` is None where it does not matter."""

    who: str
    status: int
    body: Any


Step = Said | Heard | Closed | Asked | Answered | Happening


@dataclass(frozen=True, slots=True)
class Line:
    """One step, and the number of the line where it begins."""

    number: int
    step: Step


@dataclass(frozen=True, slots=True)
class Transcript:
    """`clients` are the letters of those whose part a client can be held to."""

    name: str
    lines: tuple[Line, ...]
    clients: tuple[str, ...]


class Unreadable(Exception):
    """A line says nothing that is known here."""


def transcripts(folder: Path = FOLDER) -> list[Transcript]:
    """Return all of a folder, by name.  Raises: Unreadable."""
    return [load(path) for path in sorted(folder.glob("*.txt"))]


def load(path: Path) -> Transcript:
    """Return what is in a file.  Raises: Unreadable."""
    return read(path.read_text(encoding="utf-8"), name=path.stem)


def read(text: str, *, name: str) -> Transcript:
    """Return what a text says.  Raises: Unreadable."""
    lines = []
    for number, whole in _joined(text):
        try:
            lines.append(Line(number, _step(whole)))
        except ValueError as wrong:
            raise Unreadable(f"{name}:{number}: {wrong}: {whole}") from None
    clients = FOR_CLIENTS.search(text)
    return Transcript(name, tuple(lines), tuple(clients[1].split(", ")) if clients else ())


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield whole lines without remarks, each with the number at which it begins."""
    begun: tuple[int, str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" ") and not line.lstrip().startswith("(") and begun is not None:
            begun = (begun[0], f"{begun[1]} {line.strip()}")
            continue
        if begun is not None:
            yield begun
        begun = (number, line.strip())
    if begun is not None:
        yield begun


def _step(line: str) -> Step:
    if line.startswith("(") and line.endswith(")"):
        return happenings.read(line[1:-1])
    spoken = SPOKEN.fullmatch(line)
    if spoken is None:
        raise ValueError("neither a happening nor somebody's line")
    who, way, rest = spoken.groups()
    return _said(who, rest) if way == ">" else _heard(who, rest)


def _said(who: str, rest: str) -> Step:
    if request := REQUEST.fullmatch(rest):
        body = patterns.read(request[3]) if request[3] else None
        return Asked(who, request[1], request[2], body)
    return Said(who, patterns.read(rest))


def _heard(who: str, rest: str) -> Step:
    if close := CLOSE.fullmatch(rest):
        return Closed(who, int(close[1]), close[2])
    if answer := ANSWER.fullmatch(rest):
        return Answered(who, int(answer[1]), patterns.read(answer[2]) if answer[2] else None)
    return Heard(who, patterns.read(rest))
