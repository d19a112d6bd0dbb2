"""A room under its lock: whoever changes it, or who is in it, does so one after the other.

Every change takes the room's next version and tells the messages service in the same transaction.
"""

from dataclasses import replace
from typing import Final

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import Departure, RoomState
from libs.common.postgres import Connection
from services.rooms.model import Member, Room
from services.rooms.store.commands import room_now, tell
from services.rooms.store.rows import MEMBER_COLUMNS, member_of, role_of

# With other people in it, it is no longer the room of exactly those who began it.
BUMP: Final = """
    UPDATE room
    SET version = version + 1,
        member_count = member_count + $2,
        direct_key = CASE WHEN $2 = 0 THEN direct_key END
    WHERE id = $1
    RETURNING version, member_count
"""

CHANGE: Final = """
    UPDATE room
    SET title = $2, title_key = $3, topic = $4, state = $5, slow_mode_s = $6,
        updated_at = to_timestamp($7::float8), version = version + 1
    WHERE id = $1
    RETURNING version
"""

DELETE: Final = """
    UPDATE room
    SET state = 'deleted', deleted_at = to_timestamp($2::float8), direct_key = NULL,
        updated_at = to_timestamp($2::float8), version = version + 1
    WHERE id = $1
    RETURNING version
"""

HAND_OVER: Final = "UPDATE room SET owner_id = $2 WHERE id = $1"

# A room counts for one of its owners; if that one is an owner no more, for the one who is longest.
# Only a room that is being closed has none: it goes on to count for the last.
KEEP_AN_OWNER: Final = """
    UPDATE room
    SET owner_id = coalesce((
        SELECT person_id FROM member
        WHERE room_id = $1 AND role = 'owner'
        ORDER BY since, person_id LIMIT 1
    ), owner_id)
    WHERE id = $1 AND kind NOT IN ('direct', 'group') AND NOT EXISTS (
        SELECT FROM member
        WHERE room_id = $1 AND person_id = room.owner_id AND role = 'owner'
    )
"""

ROLE: Final = "SELECT role FROM member WHERE room_id = $1 AND person_id = $2"

OWNER_COUNT: Final = "SELECT count(*) FROM member WHERE room_id = $1 AND role = 'owner'"

HEIR: Final = f"""
    SELECT {MEMBER_COLUMNS} FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = $1 AND member.person_id <> $2 AND member.role IN ('admin', 'member')
      AND person.kind = 'user' AND NOT person.is_disabled
    ORDER BY member.role = 'admin' DESC, member.since, member.person_id
    LIMIT 1
"""

ENTER: Final = """
    INSERT INTO member (room_id, person_id, name, role, since)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8))
"""

CHANGE_ROLE: Final = "UPDATE member SET role = $3, name = $4 WHERE room_id = $1 AND person_id = $2"

LEAVE: Final = "DELETE FROM member WHERE room_id = $1 AND person_id = $2"

MEMBER: Final = f"""
    SELECT {MEMBER_COLUMNS} FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = $1 AND member.person_id = $2
"""


class HeldRoom:
    """A room that nobody else changes before the transaction ends; `room` follows the changes."""

    def __init__(self, connection: Connection, room: Room) -> None:
        self._connection = connection
        self.room = room

    async def role(self, person_id: PersonId) -> RoomRole | None:
        return role_of(await self._connection.fetchval(ROLE, self.room.id, person_id))

    async def owner_count(self) -> int:
        return int(await self._connection.fetchval(OWNER_COUNT, self.room.id))

    async def heir(self, person_id: PersonId) -> Person | None:
        """Return who comes next to own the room after this person: admins first, then by time."""
        row = await self._connection.fetchrow(HEIR, self.room.id, person_id)
        return None if row is None else member_of(row).person

    async def member(self, person_id: PersonId) -> Member:
        """Return one who is in the room."""
        (row,) = await self._connection.fetch(MEMBER, self.room.id, person_id)
        return member_of(row)

    async def enter(self, person: Person, role: RoomRole, *, actor: Person, now: float) -> None:
        """Make somebody a member who is none."""
        await self._connection.execute(ENTER, self.room.id, person.id, person.name, role, now)
        await self._tell(actor, person, role, added=1)

    async def change_role(self, person: Person, role: RoomRole, *, actor: Person) -> None:
        """Give a member another role.  Raises: TitleTaken, as `leave`."""
        await self._connection.execute(CHANGE_ROLE, self.room.id, person.id, role, person.name)
        await self._connection.execute(KEEP_AN_OWNER, self.room.id)
        await self._tell(actor, person, role, added=0)

    async def leave(self, person: Person, departure: Departure, *, actor: Person) -> None:
        """End a membership.

        Raises: TitleTaken when the next owner has another room of this title.
        """
        await self._connection.execute(LEAVE, self.room.id, person.id)
        await self._connection.execute(KEEP_AN_OWNER, self.room.id)
        await self._tell(actor, person, None, departure=departure, added=-1)

    async def hand_over(self, person_id: PersonId) -> None:
        """Let the room count as this person's.  Raises: TitleTaken."""
        await self._connection.execute(HAND_OVER, self.room.id, person_id)

    async def change(self, room: Room, *, actor: Person, now: float) -> None:
        """Let title, topic, state and slow mode be those of `room`.  Raises: TitleTaken."""
        version = await self._connection.fetchval(
            CHANGE,
            room.id,
            room.title,
            room.title_key,
            room.topic,
            room.state,
            room.slow_mode_s,
            now,
        )
        self.room = replace(room, version=version, updated_at=now)
        await tell(self._connection, room.id, actor, room_now(self.room))

    async def delete(self, *, actor: Person, now: float) -> None:
        """Take the room away from everybody; it stays in the database until it is purged."""
        version = await self._connection.fetchval(DELETE, self.room.id, now)
        self.room = replace(self.room, state=RoomState.DELETED, version=version, updated_at=now)
        await tell(self._connection, self.room.id, actor, room_now(self.room))

    async def _tell(
        self,
        actor: Person,
        person: Person,
        role: RoomRole | None,
        *,
        departure: Departure | None = None,
        added: int,
    ) -> None:
        (row,) = await self._connection.fetch(BUMP, self.room.id, added)
        self.room = replace(self.room, version=row["version"], member_count=row["member_count"])
        change = ProjectMember(
            version=self.room.version, person=person, role=role, departure=departure
        )
        await tell(self._connection, self.room.id, actor, change)
