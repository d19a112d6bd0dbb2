"""What clients send and get: the JSON of every endpoint.

Requests refuse fields they do not know, so nobody writes an id, an owner or a version.
"""

from math import isinf
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.times import rfc3339, rfc3339_if
from services.rooms.core.schedule import at, purge_at, shut_until
from services.rooms.core.titles import MAX_TITLE_CHARS
from services.rooms.model import Door, Member, SeenRoom

MAX_NAMED = 100
"""Ids that one request may name; a setting allows fewer."""

HOSTS = frozenset({RoomRole.ADMIN, RoomRole.OWNER})

Piece = Annotated[str, Field(max_length=MAX_TITLE_CHARS)]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class NewRole(Body):
    role: Literal[RoomRole.OWNER, RoomRole.ADMIN, RoomRole.MEMBER]


class Heir(Body):
    user_id: PersonId


class DirectPeople(Body):
    """The others; whoever asks is one of the people anyway."""

    user_ids: list[PersonId] = Field(min_length=1, max_length=MAX_NAMED)


class RoomShown(Body):
    """A room as somebody sees it.

    `role` is their membership, null from outside. `people` are those of a direct or group room,
    which has no title of its own. `purge_at` is when a room is removed for good that is closed or
    deleted. `slug` and `has_password` are of guest rooms; these two and `locked_until`, the door
    that a flood of newcomers has shut, are shown to members who are admins or owners. Who
    `is_muted` reads and does not write, until `muted_until`; null: until it is taken back.
    """

    id: RoomId
    kind: RoomKind
    state: RoomState
    title: str
    topic: str
    slow_mode_s: int
    member_count: int
    created_at: str
    updated_at: str
    role: RoomRole | None
    people: list[PersonShown] | None = None
    opens_at: str | None = None
    closes_at: str | None = None
    purge_after_s: int | None = None
    purge_at: str | None = None
    archived_at: str | None = None
    deleted_at: str | None = None
    max_members: int | None = None
    is_locked: bool = False
    locked_until: str | None = None
    slug: str | None = None
    has_password: bool | None = None
    is_muted: bool = False
    muted_until: str | None = None

    @classmethod
    def of(
        cls,
        seen: SeenRoom,
        *,
        people: list[Member] | None,
        door: Door | None,
        delete_grace_s: int,
        now: float,
    ) -> "RoomShown":
        room = at(seen.room, now=now)
        is_host = seen.role in HOSTS
        is_muted, muted_until = mute_shown(seen.muted_until, now=now)
        return cls(
            id=room.id,
            kind=room.kind,
            state=room.state,
            title=room.title,
            topic=room.topic,
            slow_mode_s=room.slow_mode_s,
            member_count=room.member_count,
            created_at=rfc3339(room.created_at),
            updated_at=rfc3339(room.updated_at),
            role=seen.role,
            people=None if people is None else [PersonShown.of(member.person) for member in people],
            opens_at=rfc3339_if(room.opens_at),
            closes_at=rfc3339_if(room.closes_at),
            purge_after_s=room.purge_after_s,
            purge_at=rfc3339_if(purge_at(room, delete_grace_s=delete_grace_s)),
            archived_at=rfc3339_if(room.archived_at),
            deleted_at=rfc3339_if(room.deleted_at),
            max_members=room.max_members,
            is_locked=room.is_locked,
            locked_until=rfc3339_if(shut_until(room, now=now)) if is_host else None,
            slug=door.slug if door and is_host else None,
            has_password=door.password_hash is not None if door and is_host else None,
            is_muted=is_muted,
            muted_until=muted_until,
        )


class MemberShown(Body):
    """`is_muted` is null for who may mute nobody. Who is muted without a time is so for good."""

    person: PersonShown
    role: RoomRole
    since: str
    is_muted: bool | None = None
    muted_until: str | None = None

    @classmethod
    def of(cls, member: Member, *, shows_mute: bool, now: float) -> "MemberShown":
        is_muted, until = mute_shown(member.muted_until, now=now) if shows_mute else (None, None)
        return cls(
            person=PersonShown.of(member.person),
            role=member.role,
            since=rfc3339(member.since),
            is_muted=is_muted,
            muted_until=until,
        )


def mute_shown(until: float | None, *, now: float) -> tuple[bool, str | None]:
    """Return whether a mute holds now, and its end; infinite is for ever, which has none."""
    if until is None or until <= now:
        return False, None
    return True, None if isinf(until) else rfc3339(until)
