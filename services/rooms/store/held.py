"""A room under its lock: whoever changes it, or who is in it, does so one after the other.

Every change takes the room's next version and tells the messages service in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from msgspec import structs

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import Departure
from libs.common.postgres import Connection
from services.rooms.model import TITLED, ChangeKind, Member, Room, SeenRoom, folded
from services.rooms.store import guests, turning
from services.rooms.store.changes import note
from services.rooms.store.commands import tell
from services.rooms.store.counts import LOCK_PERSON, TooManyRooms, is_at_limit
from services.rooms.store.people import named
from services.rooms.store.rows import MEMBER_COLUMNS, STANDING_COLUMNS, member_of, role_of

# With other people in it, it is no longer the room of exactly those who began it.
BUMP: Final = """
    UPDATE room
    SET version = version + 1,
        member_count = member_count + $2,
        direct_key = CASE WHEN $2 = 0 THEN direct_key END
    WHERE id = $1
    RETURNING version, member_count
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

STANDING: Final = f"""
    SELECT {STANDING_COLUMNS}, EXISTS (
        SELECT FROM ban WHERE ban.room_id = $1 AND ban.person_id = $2
            AND (ban.until IS NULL OR ban.until > to_timestamp($3::float8))
    ) AS is_banned
    FROM room LEFT JOIN member ON member.room_id = room.id AND member.person_id = $2
    WHERE room.id = $1
"""

OWNER_COUNT: Final = "SELECT count(*) FROM member WHERE room_id = $1 AND role = 'owner'"

HEIR: Final = f"""
    SELECT {MEMBER_COLUMNS} FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = $1 AND member.person_id <> $2 AND member.role IN ('admin', 'member')
      AND person.kind = 'user' AND NOT person.is_disabled
    ORDER BY member.role = 'admin' DESC, member.since, member.person_id
    LIMIT 1
"""

ENTER: Final = """
    INSERT INTO member (room_id, person_id, name, name_key, role, since, muted_until)
    VALUES ($1, $2, $3, $6, $4, to_timestamp($5::float8), (
        SELECT coalesce(until, 'infinity') FROM mute WHERE room_id = $1 AND person_id = $2
    ))
"""

SANCTIONS: Final = """
    SELECT name, extract(epoch FROM muted_until)::float8 AS muted_until, is_blocked FROM member
    WHERE room_id = $1 AND person_id = $2
"""

CHANGE_ROLE: Final = "UPDATE member SET role = $3 WHERE room_id = $1 AND person_id = $2"

LEAVE: Final = "DELETE FROM member WHERE room_id = $1 AND person_id = $2"

MEMBER: Final = f"""
    SELECT {MEMBER_COLUMNS} FROM member JOIN person ON person.id = member.person_id
    WHERE member.room_id = $1 AND member.person_id = $2
"""


class HeldRoom:
    """A room that nobody else changes before the transaction ends; `room` follows the changes."""

    def __init__(self, connection: Connection, room: Room) -> None:
        self.connection = connection
        self.room = room

    async def role(self, person_id: PersonId) -> RoomRole | None:
        return role_of(await self.connection.fetchval(ROLE, self.room.id, person_id))

    async def standing(self, person_id: PersonId, *, now: float) -> SeenRoom:
        """Return how somebody stands in the room."""
        row = await self.connection.fetchrow(STANDING, self.room.id, person_id, now)
        if row is None:
            raise RuntimeError("a room that is held is there")
        return SeenRoom(
            self.room,
            role_of(row["role"]),
            is_banned=row["is_banned"],
            muted_until=row["muted_until"],
            is_blocked=row["is_blocked"],
        )

    async def owner_count(self) -> int:
        return int(await self.connection.fetchval(OWNER_COUNT, self.room.id))

    async def heir(self, person_id: PersonId) -> Person | None:
        """Return who comes next to own the room after this person: admins first, then by time."""
        row = await self.connection.fetchrow(HEIR, self.room.id, person_id)
        return None if row is None else member_of(row).person

    async def member(self, person_id: PersonId) -> Member:
        """Return one who is in the room."""
        (row,) = await self.connection.fetch(MEMBER, self.room.id, person_id)
        return member_of(row)

    async def enter(
        self,
        person: Person,
        role: RoomRole,
        *,
        actor: Person,
        now: float,
        formerly: PersonId | None = None,
    ) -> None:
        """Make somebody a member who is none; `formerly` is who a guest's device was last."""
        [known] = await named(self.connection, [person])
        await self.connection.execute(
            ENTER, self.room.id, person.id, known.name, role, now, folded(known.name)
        )
        if person.id != actor.id:
            details = {"role": role}
            await self.note(ChangeKind.MEMBER_ADDED, actor, person, details=details, now=now)
        await self.tell_member(person, role, actor=actor, added=1, formerly=formerly)

    async def change_role(
        self, person: Person, role: RoomRole, *, actor: Person, now: float
    ) -> None:
        """Give a member another role.  Raises: TitleTaken, as `leave`."""
        was = await self.role(person.id)
        await self.connection.execute(CHANGE_ROLE, self.room.id, person.id, role)
        await self.connection.execute(KEEP_AN_OWNER, self.room.id)
        details = {"was": was, "is": role}
        await self.note(ChangeKind.MEMBER_ROLE, actor, person, details=details, now=now)
        await self.tell_member(person, role, actor=actor)

    async def leave(
        self,
        person: Person,
        departure: Departure,
        *,
        actor: Person,
        now: float,
        banned_until: float | None = None,
    ) -> None:
        """End a membership. `banned_until=None` is for ever, if it ends with a ban.

        Raises: TitleTaken when the next owner has another room of this title.
        """
        await self.connection.execute(LEAVE, self.room.id, person.id)
        await self.connection.execute(KEEP_AN_OWNER, self.room.id)
        if departure is Departure.REMOVED:
            await self.note(ChangeKind.MEMBER_REMOVED, actor, person, details={}, now=now)
        if person.kind is PersonKind.GUEST:
            await guests.end(
                self.connection, self.room.id, person_ids=[person.id], reason=departure, now=now
            )
        await self.tell_member(
            person, None, actor=actor, departure=departure, added=-1, banned_until=banned_until
        )

    async def hand_over(self, person_id: PersonId, *, max_rooms: int) -> None:
        """Let the room count as this person's.  Raises: TitleTaken, TooManyRooms."""
        if person_id == self.room.owner_id:
            return
        # A room before a person: nobody who holds a person waits for a room that has an owner.
        await self.connection.execute(LOCK_PERSON, person_id)
        if await is_at_limit(self.connection, person_id, TITLED, max_rooms=max_rooms):
            raise TooManyRooms("That person has as many rooms as one person may have.")
        await self.connection.execute(HAND_OVER, self.room.id, person_id)

    async def change(self, room: Room, *, actor: Person, now: float) -> None:
        """Let the room be `room`, whatever of it an owner may set.  Raises: TitleTaken."""
        self.room = await turning.change(self.connection, self.room, room, actor=actor, now=now)

    async def put_away(self, room: Room, *, actor: Person, now: float) -> None:
        """Let the room be `room`, archived or no more; one that is so already is left alone."""
        self.room = await turning.put_away(self.connection, self.room, room, actor=actor, now=now)

    async def restore(self, room: Room, *, actor: Person, max_rooms: int, now: float) -> None:
        """Give a deleted room back as `room`.  Raises: TitleTaken, TooManyRooms."""
        self.room = await turning.restore(
            self.connection, self.room, room, actor=actor, max_rooms=max_rooms, now=now
        )

    async def delete(self, *, actor: Person, now: float) -> None:
        """Take the room away from everybody; it stays in the database until it is purged."""
        self.room = await turning.delete(self.connection, self.room, actor=actor, now=now)

    async def note(
        self,
        kind: ChangeKind,
        actor: Person,
        subject: Person | None = None,
        *,
        details: Mapping[str, str | int | bool | None],
        now: float,
    ) -> None:
        """Add to the room's history."""
        await note(
            self.connection,
            self.room.id,
            kind=kind,
            actor_id=actor.id,
            subject_id=None if subject is None else subject.id,
            details=details,
            now=now,
        )

    async def tell_member(
        self,
        person: Person,
        role: RoomRole | None,
        *,
        actor: Person,
        departure: Departure | None = None,
        banned_until: float | None = None,
        formerly: PersonId | None = None,
        added: int = 0,
    ) -> None:
        """Tell what somebody is in the room now, how many more there are, and what binds them;
        a member by the name that the room knows.

        `banned_until=None` is for ever, if they were banned.
        """
        row = await self.connection.fetchrow(SANCTIONS, self.room.id, person.id)
        bumped = await self.connection.fetchrow(BUMP, self.room.id, added)
        if bumped is None:
            raise RuntimeError("a room that is held is there")
        self.room = replace(
            self.room, version=bumped["version"], member_count=bumped["member_count"]
        )
        change = ProjectMember(
            version=self.room.version,
            person=person if row is None else structs.replace(person, name=row["name"]),
            role=role,
            departure=departure,
            muted_until=None if row is None else row["muted_until"],
            is_blocked=None if row is None else row["is_blocked"] or None,
            banned_until=banned_until,
            formerly=formerly,
        )
        await tell(self.connection, self.room.id, actor, change)
