"""When so many come in at once that the door shuts by itself.

Newcomers are counted in windows of a minute, each of which begins with the first to come after the
last one. The one who is too many comes in and the door shuts behind them: whoever raids a room is
not the one to whom it is said first, and what shuts the door is written with a membership.
"""

from math import ceil
from typing import Final

from libs.common.errors import Forbidden
from services.rooms.model import Room, Rush

WINDOW_S: Final = 60.0


class RoomLocked(Forbidden):
    """Carries `retry_after_ms` if the door was shut by a flood, and not by somebody."""

    code = "room_locked"
    message = "Nobody comes into this room right now."


def joined(rush: Rush | None, *, now: float) -> Rush:
    """Return the count after one more has come in."""
    if rush is None or now >= rush.began_at + WINDOW_S:
        return Rush(now, 1)
    return Rush(rush.began_at, rush.count + 1)


def locked_until(rush: Rush, *, max_joins: int, lock_s: float, now: float) -> float | None:
    """Return until when the door is shut after the last to come in; None if it stays open."""
    return now + lock_s if rush.count > max_joins else None


def check_door(room: Room, *, now: float) -> None:
    """Refuse somebody who wants to come in by themselves.  Raises: RoomLocked."""
    if room.is_locked:
        raise RoomLocked
    if room.locked_until is not None and now < room.locked_until:
        raise RoomLocked(retry_after_ms=ceil((room.locked_until - now) * 1000))
