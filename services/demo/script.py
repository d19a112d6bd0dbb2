"""Reads the texts of rooms: pleasant to write, and each line says what it does.

    title: Kitchen
    kind: public
    topic: What is cooking
    opens: 20 days before, 09:00
    owner: claire

    ## 12 days before, 18:30
    claire: Who has a good recipe for *lentils*?
    bob > claire: My mother does, wait:
      - onions
      - lentils
      + 😋 claire, jonas
    (20 minutes later)
    claire: It workd!
      = It worked!
    jonas: Wrong room.
      x

`who > whom:` replies to the newest message of `whom`. Below a message, indented by two spaces: more
of its text, `+` a reaction and whose it is, `=` what an edit made of it, `x` deleted later. `@bob`
mentions bob. An empty line ends nothing if the next line is indented.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.demo.moments import Moment, read_moment

SCENE: Final = "## "
INDENT: Final = "  "
LATER: Final = re.compile(r"\((\d+) (minute|hour)s? later\)")
SPOKEN: Final = re.compile(r"([a-z]+)(?: > ([a-z]+))?: (.*)")
REACTION: Final = re.compile(r"\+ (\S+) ([a-z]+(?:, [a-z]+)*)")
SECONDS: Final = {"minute": 60.0, "hour": 3_600.0}
DELETED: Final = "x"


@dataclass(slots=True)
class Line:
    """What somebody said, and what became of it.

    `answers` is the place in the room of the message that it replies to. `pause_s` passes before
    it, beside the time that writing takes.
    """

    who: str
    text: str
    answers: int | None = None
    pause_s: float = 0.0
    reactions: list[tuple[str, str]] = field(default_factory=list)
    edited: str | None = None
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A conversation; `first` is the place of its first line in the room."""

    begins: Moment
    first: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class RoomScript:
    """A room: its head, as written, and what was said."""

    key: str
    head: Mapping[str, str]
    scenes: list[Scene]

    @property
    def kind(self) -> str:
        """Return public, private or direct."""
        return self.head["kind"]

    @property
    def opens(self) -> Moment:
        return read_moment(self.head["opens"])

    @property
    def members(self) -> tuple[str, ...]:
        """Return the keys of who is in it, none meaning everybody. The first made the room."""
        return tuple(self.head.get("members", "").replace(",", " ").split())


class ScriptWrong(Exception):
    """A text that cannot be read, with the place and the reason."""


def read_script(key: str, text: str) -> RoomScript:
    """Return the room that a text tells of.  Raises: ScriptWrong."""
    lines = list(enumerate(text.splitlines(), start=1))
    head = dict(_head(lines))
    reader = _Reader(lines)
    try:
        reader.read()
    except ValueError as wrong:
        raise ScriptWrong(f"{key}, line {reader.number}: {wrong}") from None
    return RoomScript(key, head, reader.scenes)


def _head(lines: list[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Yield the names and values above the first empty line, and take them off."""
    while lines and (line := lines.pop(0)[1]).strip():
        name, _, value = line.partition(":")
        yield name.strip(), value.strip()


class _Reader:
    """Reads scenes line by line. `number` is the line that it is at."""

    def __init__(self, lines: list[tuple[int, str]]) -> None:
        self._lines = lines
        self._newest: dict[str, int] = {}
        self._place = 0
        self._pause_s = 0.0
        self._empty = 0
        self.number = 0
        self.scenes: list[Scene] = []

    def read(self) -> None:
        for number, line in self._lines:
            self.number = number
            if not line.strip():
                self._empty += 1
                continue
            if line.startswith(INDENT):
                self._go_on(line.removeprefix(INDENT))
            else:
                self._begin(line)
            self._empty = 0

    def _begin(self, line: str) -> None:
        if line.startswith(SCENE):
            self.scenes.append(Scene(read_moment(line.removeprefix(SCENE)), self._place, []))
        elif later := LATER.fullmatch(line):
            self._pause_s += int(later[1]) * SECONDS[later[2]]
        elif spoken := SPOKEN.fullmatch(line):
            self._speak(*spoken.groups())
        else:
            raise ValueError(f"{line!r} is no scene, no pause and nobody's words")

    def _speak(self, who: str, whom: str | None, text: str) -> None:
        if not self.scenes:
            raise ValueError("somebody speaks before the first scene")
        if whom is not None and whom not in self._newest:
            raise ValueError(f"{whom} has said nothing yet")
        answers = None if whom is None else self._newest[whom]
        self.scenes[-1].lines.append(Line(who, text, answers, self._pause_s))
        self._newest[who] = self._place
        self._place += 1
        self._pause_s = 0.0

    def _go_on(self, text: str) -> None:
        if not self.scenes or not self.scenes[-1].lines:
            raise ValueError("an indented line follows no message")
        line = self.scenes[-1].lines[-1]
        if found := REACTION.fullmatch(text):
            line.reactions += [(found[1], who) for who in found[2].split(", ")]
        elif text.startswith("= "):
            line.edited = text.removeprefix("= ")
        elif text == DELETED:
            line.is_deleted = True
        else:
            line.text += "\n" * (self._empty + 1) + text
