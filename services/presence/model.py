"""What presence is: what a person chose, what others see, and who is told of a change."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from libs.common.contracts.ids import PersonId, RoomId


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


class LastSeenTo(StrEnum):
    """Who may know when a person was last seen, of those who see the person at all."""

    EVERYBODY = "everybody"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Look:
    """What others see of a person. Whoever is offline has no text."""

    shown: Shown
    status_text: str | None = None


GONE: Final = Look(Shown.OFFLINE)
PLAIN: Final = Look(Shown.ONLINE)


@dataclass(frozen=True, slots=True)
class Change:
    """Something to tell the people in `rooms`; of two changes the higher `rev` wins.

    `last_seen` is set when somebody goes, unless nobody may know it.
    """

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
