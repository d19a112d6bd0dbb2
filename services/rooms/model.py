"""Rooms and who is in them. Times are seconds since 1970."""

from dataclasses import dataclass

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room as it is now.

    `owner_id` is whose room it counts as, for limits and unique titles; in direct and group rooms
    whoever began it. `version` rises with every change of the room or of a membership of it.
    """

    id: RoomId
    kind: RoomKind
    state: RoomState
    title: str
    title_key: str
    topic: str
    slow_mode_s: int
    owner_id: PersonId
    version: int
    member_count: int
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True)
class SeenRoom:
    """A room and the membership of who looks at it; `role=None`: from outside."""

    room: Room
    role: RoomRole | None


@dataclass(frozen=True, slots=True)
class Member:
    person: Person
    role: RoomRole
    since: float


@dataclass(frozen=True, slots=True)
class Access:
    """What a room is, and the roles of those who were asked for and are in it."""

    kind: RoomKind
    state: RoomState
    roles: dict[PersonId, RoomRole]


@dataclass(frozen=True, slots=True)
class Once:
    """What makes a repeated request find the room that the first one made."""

    key: str
    request_hash: bytes
