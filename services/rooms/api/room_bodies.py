"""What clients send to make and change rooms, and what they get of rights and of history."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.permissions.case import Action
from libs.common.times import rfc3339
from services.rooms.api.bodies import Body
from services.rooms.api.guest_bodies import DoorPassword
from services.rooms.core.titles import clean_title, clean_topic
from services.rooms.model import NotedChange

MAX_SLOW_MODE_S = 21_600
"""Six hours: beyond that a room is better read-only."""

MAX_PURGE_AFTER_S = 31_536_000
"""A year. What is to stay for longer is not to be purged by itself."""

MAX_MEMBERS = 1_000_000
"""What a setting of the server allows is less."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

Title = Annotated[str, AfterValidator(clean_title)]
Topic = Annotated[str, AfterValidator(clean_topic)]
SlowMode = Annotated[int, Field(ge=0, le=MAX_SLOW_MODE_S)]
PurgeAfter = Annotated[int, Field(ge=0, le=MAX_PURGE_AFTER_S)]
Members = Annotated[int, Field(ge=2, le=MAX_MEMBERS)]
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]


class NewRoom(Body):
    """`password` and `purge_after_s`, which counts from `closes_at`, are for guest rooms."""

    kind: Literal[RoomKind.PUBLIC, RoomKind.PRIVATE, RoomKind.GUEST]
    title: Title
    topic: Topic = ""
    slow_mode_s: SlowMode = 0
    password: DoorPassword | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    max_members: Members | None = None
    purge_after_s: PurgeAfter | None = None


class RoomChange(Body):
    """What is left out stays as it is. Null takes a password, a time or a limit away.

    `state` opens a room that is scheduled or closed, or closes it, at once; its times follow.
    """

    title: Title | None = None
    topic: Topic | None = None
    state: Literal[RoomState.OPEN, RoomState.READ_ONLY, RoomState.CLOSED] | None = None
    slow_mode_s: SlowMode | None = None
    password: DoorPassword | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    max_members: Members | None = None
    purge_after_s: PurgeAfter | None = None
    is_locked: bool | None = None


class RoomChangeShown(Body):
    """One entry of a room's history. `actor` is null for what the clock did, and for who is no
    more; `subject` is whom it was done to.
    """

    at: str
    kind: str
    actor: PersonShown | None
    subject: PersonShown | None
    details: dict[str, JsonValue]

    @classmethod
    def of(cls, change: NotedChange) -> "RoomChangeShown":
        return cls(
            at=rfc3339(change.at),
            kind=change.kind,
            actor=None if change.actor is None else PersonShown.of(change.actor),
            subject=None if change.subject is None else PersonShown.of(change.subject),
            details=dict(change.details),
        )


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
