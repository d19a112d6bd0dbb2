"""What happens in a transcript beside what is said: a few sentences, each known to the players.

<room> is a public room of Alice's with Bob in it
Bob connects
Bob's connection is cut
Alice writes more messages than are replayed
the server is told to stop
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

PEOPLE: Final = {"Alice": "A", "Bob": "B", "Charlie": "C"}
"""Everybody there is, and their letters."""

NAMES: Final = {letter: name for name, letter in PEOPLE.items()}


@dataclass(frozen=True, slots=True)
class RoomIs:
    """A room is made, with these people in it, and its name is bound to its id."""

    room: str
    kind: str
    owner: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Connects:
    """A client opens a socket, or comes back by itself if it had one before."""

    who: str


@dataclass(frozen=True, slots=True)
class IsCut:
    """A socket ends without a goodbye, as a bad network ends it."""

    who: str


@dataclass(frozen=True, slots=True)
class WritesMuch:
    """Into the room that was made last, one message more than `hello.limits` lets replay."""

    who: str


@dataclass(frozen=True, slots=True)
class TimePasses:
    """So many milliseconds as the name is bound to."""

    name: str


@dataclass(frozen=True, slots=True)
class ServerStops:
    """The server begins to drain."""


Happening = RoomIs | Connects | IsCut | WritesMuch | TimePasses | ServerStops

_ANYBODY: Final = f"({'|'.join(PEOPLE)})"

_READERS: Final[list[tuple[re.Pattern[str], Callable[[re.Match[str]], Happening]]]] = [
    (
        re.compile(
            rf"<([a-z][a-z0-9 -]*)> is a (public|private) room of {_ANYBODY}'s"
            rf"(?: with {_ANYBODY}(?: and {_ANYBODY})? in it)?"
        ),
        lambda found: RoomIs(
            found[1],
            found[2],
            PEOPLE[found[3]],
            tuple(PEOPLE[name] for name in found.groups()[3:] if name),
        ),
    ),
    (re.compile(rf"{_ANYBODY} connects"), lambda found: Connects(PEOPLE[found[1]])),
    (re.compile(rf"{_ANYBODY}'s connection is cut"), lambda found: IsCut(PEOPLE[found[1]])),
    (
        re.compile(rf"{_ANYBODY} writes more messages than are replayed"),
        lambda found: WritesMuch(PEOPLE[found[1]]),
    ),
    (
        re.compile(r"<([a-z][a-z0-9 -]*)> milliseconds pass"),
        lambda found: TimePasses(found[1]),
    ),
    (re.compile(r"the server is told to stop"), lambda _: ServerStops()),
]


def read(words: str) -> Happening:
    """Return what happens.  Raises: ValueError."""
    for pattern, made in _READERS:
        if found := pattern.fullmatch(words):
            return made(found)
    raise ValueError("no happening that is known")
