"""New rooms: what somebody makes, and what people have once they write to each other."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import RoomKind
from libs.common.errors import Conflict, IdempotencyConflict
from libs.common.postgres import Connection
from services.rooms.model import Once, Room
from services.rooms.store.commands import room_now, tell
from services.rooms.store.writing import Writing

LOCK_PERSON: Final = "SELECT FROM person WHERE id = $1 FOR NO KEY UPDATE"

MADE_BEFORE: Final = """
    SELECT request_hash, room_id FROM idempotency_key WHERE person_id = $1 AND key = $2
"""

NOTE_MADE: Final = """
    INSERT INTO idempotency_key (person_id, key, request_hash, room_id, made_at)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8))
"""

OWNED_COUNT: Final = """
    SELECT count(*) FROM room WHERE owner_id = $1 AND kind = ANY($2) AND state <> 'deleted'
"""

INSERT: Final = """
    INSERT INTO room (
        id, kind, state, title, title_key, topic, slow_mode_s, owner_id, direct_key,
        version, member_count, created_at, updated_at
    )
    VALUES (
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
        to_timestamp($12::float8), to_timestamp($12::float8)
    )
    ON CONFLICT (direct_key) DO NOTHING
    RETURNING true
"""

INSERT_MEMBERS: Final = """
    INSERT INTO member (room_id, person_id, name, role, since)
    SELECT $1, person_id, name, $4, to_timestamp($5::float8)
    FROM unnest($2::uuid[], $3::text[]) AS person (person_id, name)
"""

FIND_DIRECT: Final = "SELECT id FROM room WHERE direct_key = $1"

TITLED: Final = (RoomKind.PUBLIC, RoomKind.PRIVATE, RoomKind.GUEST)

UNTITLED: Final = (RoomKind.DIRECT, RoomKind.GROUP)


class TooManyRooms(Conflict):
    code = "too_many_rooms"
    message = "You have as many rooms as one person may have. Delete one first."


class Founding:
    """Makes rooms."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    async def create(
        self, room: Room, owner: Person, *, once: Once | None, max_rooms: int
    ) -> tuple[RoomId, bool]:
        """Store a room with its owner in it; return its id and whether it is new.

        Raises: TitleTaken, TooManyRooms, IdempotencyConflict.
        """
        async with self._writing.begin() as connection:
            await connection.execute(LOCK_PERSON, owner.id)
            if once is not None and (made := await _made_before(connection, owner.id, once)):
                return made, False
            await _check_count(connection, owner.id, TITLED, max_rooms=max_rooms)
            await _found(connection, room, [owner], role=RoomRole.OWNER, actor=owner)
            if once is not None:
                await connection.execute(
                    NOTE_MADE, owner.id, once.key, once.request_hash, room.id, room.created_at
                )
            return room.id, True

    async def direct(
        self, room: Room, key: bytes, people: Sequence[Person], *, actor: Person, max_rooms: int
    ) -> tuple[RoomId, bool]:
        """Store the room of exactly these people, unless it is there; return its id and which.

        Raises: TooManyRooms.
        """
        async with self._writing.begin() as connection:
            await connection.execute(LOCK_PERSON, actor.id)
            if found := await connection.fetchval(FIND_DIRECT, key):
                return RoomId(found), False
            await _check_count(connection, actor.id, UNTITLED, max_rooms=max_rooms)
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


async def _check_count(
    connection: Connection, owner_id: PersonId, kinds: Sequence[RoomKind], *, max_rooms: int
) -> None:
    """Refuse one more room of these kinds; exact because the owner's row is locked."""
    if await connection.fetchval(OWNED_COUNT, owner_id, kinds) >= max_rooms:
        raise TooManyRooms


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
    is_new = await connection.fetchval(
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
    )
    if not is_new:
        return False
    names = [person.name for person in people]
    await connection.execute(
        INSERT_MEMBERS, room.id, [person.id for person in people], names, role, room.created_at
    )
    await tell(connection, room.id, actor, room_now(replace(room, version=1)))
    for version, person in enumerate(people, start=2):
        told = ProjectMember(version=version, person=person, role=role)
        await tell(connection, room.id, actor, told)
    return True
