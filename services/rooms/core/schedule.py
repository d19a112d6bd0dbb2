"""When rooms open, close and go for good, by the clock, by hand or put away."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person, PersonKind
from libs.common.contracts.rooms import RoomState
from libs.common.errors import Conflict, Invalid
from libs.common.permissions.schedule import state_at
from services.rooms.model import TITLED, UNTITLED, Room

CLOCK: Final = Person(PersonKind.SYSTEM, PersonId(UUID(int=0)), "Hubbub")
"""Who opens, closes and purges rooms by the time."""


class RoomArchived(Conflict):
    code = "room_archived"
    message = "Take the room out of the archive first."


def check_times(opens_at: float | None, closes_at: float | None) -> None:
    """Refuse a room that would close before it opens.  Raises: Invalid."""
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid(fields={"closes_at": "must be after opens_at"})


def at(room: Room, *, now: float) -> Room:
    """Return the room with the state that its times give it now."""
    return replace(room, state=state_at(room, now=now))


def begun(room: Room, *, now: float) -> Room:
    """Return a new room in its first state.  Raises: Invalid."""
    check_times(room.opens_at, room.closes_at)
    if room.closes_at is not None and room.closes_at <= now:
        raise Invalid(fields={"closes_at": "must be in the future"})
    is_early = room.opens_at is not None and room.opens_at > now
    return replace(room, state=RoomState.SCHEDULED) if is_early else room


def rescheduled(room: Room, *, opens_at: float | None, closes_at: float | None, now: float) -> Room:
    """Return the room with other hours: it opens again, or closes at once, as they say.

    Raises: Invalid, RoomArchived.
    """
    if (opens_at, closes_at) == (room.opens_at, room.closes_at):
        return room
    _check_hours(room)
    check_times(opens_at, closes_at)
    read_only = room.state is RoomState.READ_ONLY
    is_early = opens_at is not None and opens_at > now
    if is_early:
        state = RoomState.SCHEDULED
    else:
        state = RoomState.READ_ONLY if read_only else RoomState.OPEN
    return at(replace(room, state=state, opens_at=opens_at, closes_at=closes_at), now=now)


def turned(room: Room, state: RoomState, *, now: float) -> Room:
    """Return the room opened, made read-only or closed by hand; its hours follow.

    Raises: Invalid, RoomArchived.
    """
    if state is room.state:
        return room
    _check_turnable(room)
    if state is RoomState.CLOSED:
        _check_hours(room)
        opens_at = None if room.opens_at is None or room.opens_at >= now else room.opens_at
        return replace(room, state=state, opens_at=opens_at, closes_at=now)
    is_scheduled = room.state is RoomState.SCHEDULED
    is_over = room.closes_at is not None and room.closes_at <= now
    return replace(
        room,
        state=state,
        opens_at=now if is_scheduled else room.opens_at,
        closes_at=None if is_over else room.closes_at,
    )


def archived(room: Room, *, now: float) -> Room:
    """Return the room put away: nobody writes in it or finds it."""
    if room.archived_at is not None:
        return room
    return replace(room, archived_at=now, state_before=room.state, state=RoomState.CLOSED)


def unarchived(room: Room, *, now: float) -> Room:
    """Return the room as it was when it was archived, or as its hours have made it since."""
    if room.archived_at is None:
        return room
    return at(
        replace(
            room, archived_at=None, state=room.state_before or RoomState.OPEN, state_before=None
        ),
        now=now,
    )


def restored(room: Room, *, now: float) -> Room:
    """Return a deleted room as it was, or as its hours have made it since."""
    before = room.state_before or RoomState.OPEN
    if room.archived_at is not None:
        return replace(room, state=RoomState.CLOSED, deleted_at=None)
    return at(replace(room, state=before, state_before=None, deleted_at=None), now=now)


def may_come_back(room: Room, *, delete_grace_s: int, now: float) -> bool:
    """Tell whether a deleted room may be restored: until it is purged, and if it was anybody's."""
    until = purge_at(room, delete_grace_s=delete_grace_s)
    return room.kind in TITLED and until is not None and now <= until


def purge_at(room: Room, *, delete_grace_s: int) -> float | None:
    """Return when a room is removed for good that is over, None if it is not, or stays."""
    ends = []
    if room.deleted_at is not None:
        ends.append(room.deleted_at + delete_grace_s)
    is_over = room.state in (RoomState.CLOSED, RoomState.DELETED)
    if is_over and room.closes_at is not None and room.purge_after_s is not None:
        ends.append(room.closes_at + room.purge_after_s)
    return min(ends, default=None)


def shut_until(room: Room, *, now: float) -> float | None:
    """Return until when a flood of newcomers has shut the door, None if it is not shut by one."""
    is_shut = room.locked_until is not None and room.locked_until > now
    return room.locked_until if is_shut else None


def _check_turnable(room: Room) -> None:
    if room.archived_at is not None:
        raise RoomArchived


def _check_hours(room: Room) -> None:
    _check_turnable(room)
    if room.kind in UNTITLED:
        raise Invalid(fields={"state": "has no hours in a room of these people"})
