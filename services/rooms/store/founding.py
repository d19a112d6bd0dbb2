"""New rooms: what somebody makes, and what people have once they write to each other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, RoomRole
from libs.common.errors import IdempotencyConflict
from libs.common.postgres import Connection
from services.rooms.model import TITLED, UNTITLED, ChangeKind, Door, Once, Room, folded
from services.rooms.store import guests
from services.rooms.store.blocks import check_none_between
from services.rooms.store.changes import note
from services.rooms.store.commands import room_now, tell
from services.rooms.store.counts import (
    LOCK_PERSON,
    check_count,
    check_pace,
)
from services.rooms.store.people import named
from services.rooms.store.writing import Writing

MADE_BEFORE: Final = """
    SELECT request_hash, room_id FROM idempotency_key WHERE person_id = $1 AND key = $2
"""

NOTE_MADE: Final = """
    INSERT INTO idempotency_key (person_id, key, request_hash, room_id, made_at)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8))
"""

INSERT: Final = """
    INSERT INTO room (
        id, kind, state, title, title_key, topic, slow_mode_s, owner_id, direct_key,
        version, member_count, created_at, updated_at,
        opens_at, closes_at, purge_after_s, max_members
    )
    VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
        to_timestamp($12::float8), to_timestamp($12::float8),
        to_timestamp($13::float8), to_timestamp($14::float8), $15, $16
    )
    ON CONFLICT (direct_key) DO NOTHING
    RETURNING true
"""

INSERT_MEMBERS: Final = """
    INSERT INTO member (room_id, person_id, name, name_key, role, since)
    SELECT $1, person_id, name, name_key, $4, to_timestamp($5::float8)
    FROM unnest($2::uuid[], $3::text[], $6::text[]) AS person (person_id, name, name_key)
"""

FIND_DIRECT: Final = "SELECT id FROM room WHERE direct_key = $1"


class Founding:
    """Makes rooms; `on_hours` hears after the commit that there is one with hours."""

    def __init__(self, writing: Writing, *, on_hours: Callable[[], None]) -> None:
        self._writing = writing
        self._on_hours = on_hours

    async def create(
        self, room: Room, owner: Person, *, door: Door | None, once: Once | None, max_rooms: int
    ) -> tuple[RoomId, bool]:
        """Store a room with its owner in it, and its door; return its id and whether it is new.

        Raises: TitleTaken, TooManyRooms, IdempotencyConflict.
        """
        async with self._writing.begin() as connection:
            await connection.execute(LOCK_PERSON, owner.id)
            if once is not None and (made := await _made_before(connection, owner.id, once)):
                return made, False
            await check_count(connection, owner.id, TITLED, max_rooms=max_rooms)
            await _found(connection, room, [owner], role=RoomRole.OWNER, actor=owner)
            if door is not None:
                await guests.open_door(
                    connection, room.id, slug=door.slug, password_hash=door.password_hash
                )
            if once is not None:
                await connection.execute(
                    NOTE_MADE, owner.id, once.key, once.request_hash, room.id, room.created_at
                )
        if (room.opens_at, room.closes_at) != (None, None):
            self._on_hours()
        return room.id, True

    async def direct(
        self,
        room: Room,
        key: bytes,
        people: Sequence[Person],
        *,
        actor: Person,
        max_rooms: int,
        max_per_hour: int,
    ) -> tuple[RoomId, bool]:
        """Store the room of exactly these people, unless it is there; return its id and which.

        Raises: TooManyRooms, TooMany, Blocked, which are exact because the actor is locked.
        """
        async with self._writing.begin() as connection:
            await connection.execute(LOCK_PERSON, actor.id)
            if found := await connection.fetchval(FIND_DIRECT, key):
                return RoomId(found), False
            others = [person.id for person in people if person.id != actor.id]
            await check_none_between(connection, actor.id, others)
            await check_count(connection, actor.id, UNTITLED, max_rooms=max_rooms)
            await check_pace(
                connection,
                actor.id,
                UNTITLED,
                max_per_hour=max_per_hour,
                now=room.created_at,
            )
            if await _found(
                connection, room, people, role=RoomRole.MEMBER, actor=actor, direct_key=key
            ):
                return room.id, True
            # Somebody else of them was faster, and has committed by now.
            return RoomId(await connection.fetchval(FIND_DIRECT, key)), False


async def _made_before(connection: Connection, person_id: PersonId, once: Once) -> RoomId | None:
    row = await connection.fetchrow(MADE_BEFORE, person_id, once.key)
    if row is None:
        return None
    if row["request_hash"] != once.request_hash:
        raise IdempotencyConflict
    return RoomId(row["room_id"])


async def _found(
    connection: Connection,
    room: Room,
    people: Sequence[Person],
    *,
    role: RoomRole,
    actor: Person,
    direct_key: bytes | None = None,
) -> bool:
    """Write a new room with its first members; False if the people have a direct one already.

    The room is version 1, its members are the versions after it.
    """
    room = replace(room, version=1 + len(people), member_count=len(people))
    if not await _insert(connection, room, direct_key):
        return False
    people = await named(connection, people)
    names = [person.name for person in people]
    await connection.execute(
        INSERT_MEMBERS,
        room.id,
        [person.id for person in people],
        names,
        role,
        room.created_at,
        [folded(name) for name in names],
    )
    await tell(connection, room.id, actor, room_now(replace(room, version=1)))
    for version, person in enumerate(people, start=2):
        told = ProjectMember(version=version, person=person, role=role)
        await tell(connection, room.id, actor, told)
    await note(
        connection,
        room.id,
        kind=ChangeKind.ROOM_CREATED,
        actor_id=actor.id,
        details={"kind": room.kind},
        now=room.created_at,
    )
    return True


async def _insert(connection: Connection, room: Room, direct_key: bytes | None) -> bool:
    """Write a room alone; False if its people have a direct one already."""
    is_new: bool | None = await connection.fetchval(
        INSERT,
        room.id,
        room.kind,
        room.state,
        room.title,
        room.title_key,
        room.topic,
        room.slow_mode_s,
        room.owner_id,
        direct_key,
        room.version,
        room.member_count,
        room.created_at,
        room.opens_at,
        room.closes_at,
        room.purge_after_s,
        room.max_members,
    )
    return bool(is_new)
