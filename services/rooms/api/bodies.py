"""What clients send and get: the JSON of every endpoint.

Requests refuse fields they do not know, so nobody writes an id, an owner or a version.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.times import rfc3339
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
    that a flood of newcomers has shut, are shown to members who are admins or owners.
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
            people=None if people is None else [_person(member) for member in people],
            opens_at=time_shown(room.opens_at),
            closes_at=time_shown(room.closes_at),
            purge_after_s=room.purge_after_s,
            purge_at=time_shown(purge_at(room, delete_grace_s=delete_grace_s)),
            archived_at=time_shown(room.archived_at),
            deleted_at=time_shown(room.deleted_at),
            max_members=room.max_members,
            is_locked=room.is_locked,
            locked_until=time_shown(shut_until(room, now=now)) if is_host else None,
            slug=door.slug if door and is_host else None,
            has_password=door.password_hash is not None if door and is_host else None,
        )


class MemberShown(Body):
    person: PersonShown
    role: RoomRole
    since: str

    @classmethod
    def of(cls, member: Member) -> "MemberShown":
        return cls(person=_person(member), role=member.role, since=rfc3339(member.since))


def _person(member: Member) -> PersonShown:
    person = member.person
    return PersonShown(kind=person.kind, id=person.id, name=person.name)


def time_shown(at_s: float | None) -> str | None:
    """Return a moment as answers show it, if there is one."""
    return None if at_s is None else rfc3339(at_s)
