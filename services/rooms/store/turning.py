"""A room becomes another: what its owner sets, its archive, its end. Called under its lock.

Every change takes the room's next version, is told to messages and stands in the room's history.
"""

from dataclasses import replace
from typing import Final

from libs.common.contracts.people import Person
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.postgres import Connection
from libs.common.times import rfc3339
from services.rooms.model import TITLED, ChangeKind, Room
from services.rooms.store import guests
from services.rooms.store.changes import note
from services.rooms.store.commands import room_now, tell
from services.rooms.store.counts import LOCK_PERSON, check_count

CHANGE: Final = """
    UPDATE room
    SET title = $2, title_key = $3, topic = $4, state = $5, slow_mode_s = $6,
        opens_at = to_timestamp($7::float8), closes_at = to_timestamp($8::float8),
        purge_after_s = $9, archived_at = to_timestamp($10::float8),
        deleted_at = to_timestamp($11::float8), state_before = $12, max_members = $13,
        is_locked = $14, locked_until = to_timestamp($15::float8),
        direct_key = CASE WHEN $5 <> 'deleted' THEN direct_key END,
        updated_at = to_timestamp($16::float8), version = version + 1
    WHERE id = $1
    RETURNING version
"""

SHUT: Final = frozenset({RoomState.SCHEDULED, RoomState.CLOSED, RoomState.DELETED})
"""States in which nobody is let in as a guest, or stays one."""

TOLD: Final = (
    "title",
    "topic",
    "state",
    "slow_mode_s",
    "opens_at",
    "closes_at",
    "purge_after_s",
    "max_members",
    "is_locked",
)
"""What history tells the values of, before and after."""


async def change(
    connection: Connection, was: Room, room: Room, *, actor: Person, now: float
) -> Room:
    """Let a room that is held be `room`; return it with its new version.  Raises: TitleTaken."""
    for field in TOLD:
        before, after = getattr(was, field), getattr(room, field)
        if before != after:
            details = {"field": field, "was": _shown(before), "is": _shown(after)}
            await _note(connection, room, ChangeKind.ROOM_CHANGED, actor, details=details, now=now)
    return await _write(connection, was, room, actor=actor, now=now)


async def put_away(
    connection: Connection, was: Room, room: Room, *, actor: Person, now: float
) -> Room:
    """Let a room that is held go into the archive or come out of it, if it does either."""
    if (was.archived_at is None) == (room.archived_at is None):
        return was
    is_archived = room.archived_at is not None
    kind = ChangeKind.ROOM_ARCHIVED if is_archived else ChangeKind.ROOM_UNARCHIVED
    await _note(connection, room, kind, actor, details={}, now=now)
    return await _write(connection, was, room, actor=actor, now=now)


async def restore(
    connection: Connection, was: Room, room: Room, *, actor: Person, max_rooms: int, now: float
) -> Room:
    """Give a deleted room back to everybody who is in it.  Raises: TitleTaken, TooManyRooms."""
    # A room before a person, for once: nobody who holds a person waits for a deleted room.
    await connection.execute(LOCK_PERSON, room.owner_id)
    await check_count(connection, room.owner_id, TITLED, max_rooms=max_rooms)
    await _note(connection, room, ChangeKind.ROOM_RESTORED, actor, details={}, now=now)
    return await _write(connection, was, room, actor=actor, now=now)


async def delete(connection: Connection, was: Room, *, actor: Person, now: float) -> Room:
    """Take a room away from everybody."""
    room = replace(
        was,
        state=RoomState.DELETED,
        state_before=was.state_before if was.archived_at is not None else was.state,
        deleted_at=now,
    )
    await _note(connection, room, ChangeKind.ROOM_DELETED, actor, details={}, now=now)
    return await _write(connection, was, room, actor=actor, now=now)


async def _write(
    connection: Connection, was: Room, room: Room, *, actor: Person, now: float
) -> Room:
    version = await connection.fetchval(
        CHANGE,
        room.id,
        room.title,
        room.title_key,
        room.topic,
        room.state,
        room.slow_mode_s,
        room.opens_at,
        room.closes_at,
        room.purge_after_s,
        room.archived_at,
        room.deleted_at,
        room.state_before,
        room.max_members,
        room.is_locked,
        room.locked_until,
        now,
    )
    changed = replace(room, version=version, updated_at=now)
    if room.kind is RoomKind.GUEST and room.state in SHUT and was.state not in SHUT:
        await guests.end(connection, room.id, person_ids=None, reason=room.state, now=now)
    await tell(connection, room.id, actor, room_now(changed))
    return changed


async def _note(
    connection: Connection,
    room: Room,
    kind: ChangeKind,
    actor: Person,
    *,
    details: dict[str, str | int | bool | None],
    now: float,
) -> None:
    await note(connection, room.id, kind=kind, actor_id=actor.id, details=details, now=now)


def _shown(value: str | int | float | bool | None) -> str | int | bool | None:
    """Return a value as history shows it; what is no whole number is a moment."""
    return rfc3339(value) if isinstance(value, float) else value
