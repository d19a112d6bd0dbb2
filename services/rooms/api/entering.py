"""Somebody comes into a room by themselves: through an open door, or by an invitation."""

import structlog

from libs.common.contracts.people import RoomRole, SystemRole
from services.rooms.api.holding import Acting
from services.rooms.core.floods import check_door, joined, locked_until
from services.rooms.core.rules import check_room_left
from services.rooms.settings import RoomsSettings
from services.rooms.store.floods import note_rush, rush_of
from services.rooms.store.held import HeldRoom

log = structlog.get_logger()


async def let_in(acting: Acting, role: RoomRole, settings: RoomsSettings) -> None:
    """Make who acts a member, who is none.

    A shut door does not stop those who look after the whole system.

    Raises: RoomLocked, RoomFull.
    """
    held, now = acting.held, acting.now
    if acting.who.system_role is SystemRole.MEMBER:
        check_door(held.room, now=now)
    check_room_left(held.room, max_members=settings.members_per_room)
    await held.enter(acting.person, role, actor=acting.person, now=now)
    await note_newcomer(
        held, max_joins=settings.joins_per_minute, lock_s=settings.flood_lock_s, now=now
    )


async def note_newcomer(held: HeldRoom, *, max_joins: int, lock_s: float, now: float) -> None:
    """Count somebody who came in by themselves; shut the door behind them for `lock_s` if they
    were more than `max_joins` within a minute.
    """
    rush = joined(await rush_of(held), now=now)
    until = locked_until(rush, max_joins=max_joins, lock_s=lock_s, now=now)
    await note_rush(held, rush, locked_until=until)
    if until is not None:
        log.warning("room_door_shut", room_id=str(held.room.id), until=until)
