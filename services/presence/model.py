"""What presence is: what a person chose, what others see, and who is told of a change."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from libs.common.contracts.ids import ConnectionId, PersonId, RoomId


class Chosen(StrEnum):
    """What a person wants to be seen as while connected."""

    ONLINE = "online"
    AWAY = "away"
    DND = "dnd"
    INVISIBLE = "invisible"


class Shown(StrEnum):
    """What others see. Nobody sees that somebody is invisible."""

    ONLINE = "online"
    AWAY = "away"
    DND = "dnd"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Look:
    """What others see of a person. Whoever is offline has no text."""

    shown: Shown
    status_text: str | None = None


GONE: Final = Look(Shown.OFFLINE)
PLAIN: Final = Look(Shown.ONLINE)


@dataclass(frozen=True, slots=True)
class Lease:
    """A live connection. It counts until `expires_at`, seconds since 1970, unless renewed.

    `is_closed`: it has ended and counts only for the grace.
    """

    person_id: PersonId
    connection: ConnectionId
    rooms: frozenset[RoomId]
    expires_at: float
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Something to tell the people in `rooms`; of two changes the higher `rev` wins."""

    person_id: PersonId
    look: Look
    last_seen: float | None
    rev: int
    rooms: frozenset[RoomId]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a room is told of one person."""

    person_id: PersonId
    look: Look
    last_seen: float | None
    rev: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What one room is told now.

    `count=None`: how these people are seen now, of the others nothing. Otherwise so many are there,
    and `people` are all of them, or nobody when they are too many to name.
    """

    room_id: RoomId
    people: tuple[Seen, ...]
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose, as stored. Who never chose is simply online."""

    person_id: PersonId
    chosen: Chosen = Chosen.ONLINE
    status_text: str | None = None

    @property
    def is_default(self) -> bool:
        return self.chosen is Chosen.ONLINE and self.status_text is None
