"""Whole frames out of what a transcript shows of them: what it leaves out, examples have.

The examples are those of the AsyncAPI document, so any player in any language can do the same.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from hubbub_client.frames import Json
from tests.transcripts.patterns import REST, Name, Names, names_in

DOCUMENT: Final = Path(__file__).parents[2] / "docs/schemas/chat.v1.asyncapi.json"

TIME: Final = re.compile(r"t\d*")
FIRST_NUMBER: Final = 600
"""A seq beyond those that stand in transcripts, and a wait that a test can bear."""

FIRST_ID: Final = UUID("0190b5a0-0000-7000-8000-000000001000").int

BEGIN: Final = datetime(2026, 3, 1, 10, tzinfo=UTC)


@cache
def examples() -> dict[str, Json]:
    """Return a frame of each kind that is heard, by the name of its model."""
    messages = json.loads(DOCUMENT.read_text())["components"]["messages"]
    return {
        name.removeprefix("heard."): message["examples"][0]["payload"]
        for name, message in messages.items()
        if name.startswith("heard.")
    }


def whole(pattern: Any) -> Any:
    """Return the pattern of a heard frame with everything that it leaves open, names apart.

    A `ref` is never added: whoever is answered is told so in the transcript.
    """
    alike = [one for one in examples().values() if one["type"] == pattern["type"]]
    of_a_room = [one for one in alike if ("room_id" in one) == ("room_id" in pattern)]
    example = {key: part for key, part in (of_a_room or alike)[0].items() if key != "ref"}
    return _completed(pattern, example)


def _completed(pattern: Any, example: Any) -> Any:
    if isinstance(pattern, list):
        first = example[0] if isinstance(example, list) and example else None
        return [_completed(part, first) for part in pattern if part != REST]
    if not isinstance(pattern, dict):
        return pattern
    known = example if isinstance(example, dict) else {}
    given = {key: _completed(part, known.get(key)) for key, part in pattern.items() if key != REST}
    return {**(known if REST in pattern else {}), **given}


class Inventor:
    """Binds names that nobody has bound: times for `<t1>`, ids for other texts, else numbers."""

    def __init__(self) -> None:
        self._numbers = count(FIRST_NUMBER)
        self._seconds = count(1)
        self._ids = count(1)

    def bind(self, pattern: Any, names: Names) -> None:
        for name in names_in(pattern):
            if name.name not in names:
                names[name.name] = self._value(name)

    def _value(self, name: Name) -> Any:
        if not name.is_text:
            return next(self._numbers)
        if TIME.fullmatch(name.name):
            at = BEGIN + timedelta(seconds=next(self._seconds))
            return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return str(UUID(int=FIRST_ID + next(self._ids)))
