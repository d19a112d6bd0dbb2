"""What people do in the story, each act at its moment (seconds since 1970).

People and rooms go by the keys that the texts give them, messages by their room and place in it.
"""

from dataclasses import dataclass

Place = tuple[str, int]
"""A message: the key of its room, and how many came before it there."""


@dataclass(frozen=True, slots=True)
class Arrive:
    """Make an account."""

    at: float
    who: str


@dataclass(frozen=True, slots=True)
class Open:
    """Make a room. `members` are in it from the start, where people do not come by themselves."""

    at: float
    who: str
    room: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enter:
    """Come into a public room."""

    at: float
    who: str
    room: str


@dataclass(frozen=True, slots=True)
class Say:
    """Write a message. `text` mentions people by `@key`."""

    at: float
    who: str
    place: Place
    text: str
    answers: Place | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    at: float
    who: str
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Delete:
    at: float
    who: str
    place: Place


@dataclass(frozen=True, slots=True)
class React:
    at: float
    who: str
    place: Place
    emoji: str


@dataclass(frozen=True, slots=True)
class Read:
    """Read everything there is in a room."""

    at: float
    who: str
    room: str


Act = Arrive | Open | Enter | Say | Edit | Delete | React | Read
