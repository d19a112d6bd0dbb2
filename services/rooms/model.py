"""Rooms and who is in them. Times are seconds since 1970."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.permissions.case import Actor

TITLED: Final = (RoomKind.PUBLIC, RoomKind.PRIVATE, RoomKind.GUEST)
"""Rooms that somebody makes, owns and runs."""

UNTITLED: Final = (RoomKind.DIRECT, RoomKind.GROUP)
"""Rooms of exactly these people: nobody's, and without hours."""


def folded(text: str) -> str:
    """Return the form in which titles and names are compared, ordered and searched."""
    # Folding can take a composed letter apart ("İ").
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room as it is now.

    `owner_id` is whose room it counts as, for limits and unique titles; in direct and group rooms
    whoever began it. `version` rises with every change of the room or of a membership of it.

    `state` may be behind `opens_at` and `closes_at`: see `core.schedule`. `state_before` is what a
    room goes back to that is taken out of the archive or restored. `purge_after_s` counts from
    `closes_at`. `is_locked` is the door that an admin shut, `locked_until` the one that shut by
    itself.
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
    opens_at: float | None = None
    closes_at: float | None = None
    purge_after_s: int | None = None
    archived_at: float | None = None
    deleted_at: float | None = None
    state_before: RoomState | None = None
    max_members: int | None = None
    is_locked: bool = False
    locked_until: float | None = None


@dataclass(frozen=True, slots=True)
class Hours:
    """What the schedule goes by."""

    state: RoomState
    opens_at: float | None
    closes_at: float | None

    @classmethod
    def of(cls, room: Room) -> "Hours":
        return cls(room.state, room.opens_at, room.closes_at)


@dataclass(frozen=True, slots=True)
class SeenRoom:
    """A room and how somebody stands in it; `role=None`: they look at it from outside.

    `is_blocked`: it is a direct room, and either of the two has blocked the other.
    """

    room: Room
    role: RoomRole | None
    is_banned: bool = False
    muted_until: float | None = None
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    person: Person
    role: RoomRole
    since: float
    muted_until: float | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What a room is, and how those who were asked for stand towards it."""

    kind: RoomKind
    state: RoomState
    actors: dict[PersonId, Actor]


@dataclass(frozen=True, slots=True)
class Once:
    """What makes a repeated request find the room that the first one made."""

    key: str
    request_hash: bytes


class RoomScope(StrEnum):
    """mine: where one is a member. public: what everybody with an account may look into. deleted:
    what one owned and may still restore.
    """

    MINE = "mine"
    PUBLIC = "public"
    DELETED = "deleted"


class ChangeKind(StrEnum):
    """What a room's history tells. Its log tells the members the rest."""

    ROOM_CREATED = "room.created"
    ROOM_CHANGED = "room.changed"
    ROOM_ARCHIVED = "room.archived"
    ROOM_UNARCHIVED = "room.unarchived"
    ROOM_DELETED = "room.deleted"
    ROOM_RESTORED = "room.restored"
    MEMBER_ADDED = "member.added"
    MEMBER_ROLE = "member.role"
    MEMBER_REMOVED = "member.removed"
    MEMBER_BANNED = "member.banned"
    MEMBER_UNBANNED = "member.unbanned"
    MEMBER_MUTED = "member.muted"
    MEMBER_UNMUTED = "member.unmuted"
    INVITE_MADE = "invite.made"
    INVITE_REVOKED = "invite.revoked"


@dataclass(frozen=True, slots=True)
class NotedChange:
    """One entry of a room's history. `subject` is whom it was done to."""

    id: int
    at: float
    kind: str
    actor: Person | None
    subject: Person | None
    details: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Door:
    """How people without accounts come into a room: the end of its link, and what opens it."""

    slug: str
    password_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody in a guest room by an alias. `refreshed_at` is when they last fetched tokens."""

    person: Person
    began_at: float
    refreshed_at: float
    muted_until: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Whom somebody blocks, and since when."""

    person: Person
    since: float


class Sanctions(StrEnum):
    """The two lists of what moderators put on people."""

    BANS = "bans"
    MUTES = "mutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """A ban or a mute. `until=None`: for ever. `made_by` is None once they were erased."""

    person: Person
    until: float | None
    reason: str
    made_by: Person | None
    made_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An invitation to a room. `max_uses` and `expires_at` are None without such an end.

    `is_ended`: it was revoked, or used for the last time.
    """

    id: UUID
    room_id: RoomId
    code_hash: bytes
    role: RoomRole
    max_uses: int | None
    uses: int
    made_by: PersonId
    made_at: float
    expires_at: float | None
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who made an invitation, and what they are in its room now."""

    card: PersonCard
    role: RoomRole | None


@dataclass(frozen=True, slots=True)
class Rush:
    """How many have come into a room since a minute began that may be over."""

    began_at: float
    count: int
