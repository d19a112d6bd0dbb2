"""What clients send and get: the JSON of every endpoint.

Requests refuse fields they do not know, so nobody writes an id, an owner or a version.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.permissions.case import Action
from libs.common.times import rfc3339
from services.rooms.core.titles import MAX_TITLE_CHARS, clean_title, clean_topic
from services.rooms.model import Member, SeenRoom

MAX_SLOW_MODE_S = 21_600
"""Six hours: beyond that a room is better read-only."""

MAX_NAMED = 100
"""Ids that one request may name; a setting allows fewer."""

Title = Annotated[str, AfterValidator(clean_title)]
Topic = Annotated[str, AfterValidator(clean_topic)]
SlowMode = Annotated[int, Field(ge=0, le=MAX_SLOW_MODE_S)]
Piece = Annotated[str, Field(max_length=MAX_TITLE_CHARS)]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class NewRoom(Body):
    kind: Literal[RoomKind.PUBLIC, RoomKind.PRIVATE]
    title: Title
    topic: Topic = ""
    slow_mode_s: SlowMode = 0


class RoomChange(Body):
    """What is left out stays as it is."""

    title: Title | None = None
    topic: Topic | None = None
    state: Literal[RoomState.OPEN, RoomState.READ_ONLY] | None = None
    slow_mode_s: SlowMode | None = None


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
    which has no title of its own.
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

    @classmethod
    def of(cls, seen: SeenRoom, people: list[Member] | None = None) -> "RoomShown":
        room = seen.room
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
        )


class MemberShown(Body):
    person: PersonShown
    role: RoomRole
    since: str

    @classmethod
    def of(cls, member: Member) -> "MemberShown":
        return cls(person=_person(member), role=member.role, since=rfc3339(member.since))


class Explained(Body):
    """Why an action is allowed or not: the rule that decided, and the least role for it."""

    action: Action
    is_allowed: bool
    rule: str
    because: str
    needed: RoomRole


class Permissions(Body):
    """`role` counts the system role too. `explained` is there when asked for."""

    role: RoomRole | None
    allowed: list[Action]
    explained: list[Explained] | None


def _person(member: Member) -> PersonShown:
    person = member.person
    return PersonShown(kind=person.kind, id=person.id, name=person.name)
