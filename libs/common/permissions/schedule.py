"""Rooms open and close by the clock, whether or not anybody has written it down yet.

The rooms service turns a room's state when its time has come, and tells it. Until then the state is
stale by as long as that takes, so whoever decides asks here.
"""

from typing import Protocol

from libs.common.contracts.rooms import RoomState


class Scheduled(Protocol):
    """What has a state and times, in seconds since 1970; None: no such time."""

    @property
    def state(self) -> RoomState: ...

    @property
    def opens_at(self) -> float | None: ...

    @property
    def closes_at(self) -> float | None: ...


def state_at(room: Scheduled, *, now: float) -> RoomState:
    """Return the state of a room at a moment that is not before the one its state is of.

    A room opens at `opens_at` itself and is closed at `closes_at` itself. One that was closed or
    deleted stays so.
    """
    if room.state is RoomState.CLOSED or room.state is RoomState.DELETED:
        return room.state
    if room.closes_at is not None and room.closes_at <= now:
        return RoomState.CLOSED
    is_scheduled = room.state is RoomState.SCHEDULED
    if is_scheduled and room.opens_at is not None and room.opens_at <= now:
        return RoomState.OPEN
    return room.state
