"""What presence is: what a person chose, what others see, and who is told of a change."""

from dataclasses import dataclass
from enum import StrEnum

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
class Lease:
    """A live connection. It counts until `expires_at`, seconds since 1970, unless renewed."""

    person_id: PersonId
    connection: ConnectionId
    rooms: frozenset[RoomId]
    expires_at: float


@dataclass(frozen=True, slots=True)
class Change:
    """Something to tell the people in `rooms`; of two changes the higher `rev` wins."""

    person_id: PersonId
    shown: Shown
    last_seen: float | None
    rev: int
    rooms: frozenset[RoomId]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose, as stored. Who never chose is simply online."""

    person_id: PersonId
    chosen: Chosen = Chosen.ONLINE
    status_text: str | None = None

    @property
    def is_default(self) -> bool:
        return self.chosen is Chosen.ONLINE and self.status_text is None


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person asks about another."""

    person_id: PersonId
    shown: Shown
    status_text: str | None
    last_seen: float | None
