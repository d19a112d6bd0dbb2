"""What somebody wants a room to be, laid over what it is."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from libs.common.contracts.rooms import RoomKind
from libs.common.errors import Invalid
from services.rooms.api.room_bodies import NewRoom, RoomChange
from services.rooms.core.schedule import at, rescheduled, turned
from services.rooms.core.titles import title_key
from services.rooms.model import Room

PLAIN: Final = {"title", "topic", "slow_mode_s", "is_locked"}
"""Taken over as they are said; they cannot be taken away."""

LIMITS: Final = {"max_members", "purge_after_s"}

FOR_GUESTS: Final = ("password", "purge_after_s")


def check_kind(body: NewRoom | RoomChange, kind: RoomKind) -> None:
    """Refuse what only guest rooms have.  Raises: Invalid."""
    said = [field for field in FOR_GUESTS if getattr(body, field) is not None]
    if said and kind is not RoomKind.GUEST:
        raise Invalid(fields=dict.fromkeys(said, "is for guest rooms"))


def wished(room: Room, body: RoomChange, *, now: float) -> Room:
    """Return the room as somebody wants it from now on.  Raises: Invalid, RoomArchived."""
    check_kind(body, room.kind)
    said = body.model_fields_set
    room = replace(
        at(room, now=now),
        **body.model_dump(include=PLAIN, exclude_none=True),
        **body.model_dump(include=LIMITS & said),
    )
    room = replace(room, title_key=title_key(room.title))
    if body.is_locked is False:
        room = replace(room, locked_until=None)
    room = rescheduled(
        room,
        opens_at=seconds(body.opens_at) if "opens_at" in said else room.opens_at,
        closes_at=seconds(body.closes_at) if "closes_at" in said else room.closes_at,
        now=now,
    )
    return room if body.state is None else turned(room, body.state, now=now)


def seconds(time: datetime | None) -> float | None:
    """Return a moment that somebody named, in seconds since 1970."""
    return None if time is None else time.timestamp()
