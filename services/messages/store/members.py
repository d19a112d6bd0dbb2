"""Reads how people stand in rooms: as what, how far they have read, and what is unread."""

from collections.abc import Sequence
from typing import Any, Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import RoomRole, SystemRole
from libs.common.postgres import Database
from services.messages.model.rooms import Standing
from services.messages.store.rows import MEMBER, ROOM, columns, member_of, room_of

# Unread and mentions are counted for members only, from their cursor on, and no further than asked.
# The scan is bounded too, as somebody may have written thousands of messages since they last read.
STANDING: Final = f"""
    asked.person_id,
    CASE WHEN h.room_id IS NOT NULL THEN ROW({ROOM}) END,
    CASE WHEN m.room_id IS NOT NULL THEN ROW({MEMBER}) END,
    coalesce(s.role, 'member'),
    cursor.read_seq,
    (
        SELECT count(*) FROM (
            SELECT FROM (
                SELECT actor_id FROM log
                WHERE log.room_id = m.room_id AND m.role IS NOT NULL
                    AND log.message_id IS NOT NULL AND log.deleted_seq IS NULL
                    AND log.seq > cursor.read_seq
                ORDER BY log.seq DESC
                LIMIT $1
            ) newest
            WHERE newest.actor_id <> asked.person_id
            LIMIT $2
        ) unread
    ),
    (
        SELECT count(*) FROM (
            SELECT FROM mention
            WHERE mention.person_id = asked.person_id AND mention.room_id = m.room_id
                AND m.role IS NOT NULL AND mention.seq > cursor.read_seq
            LIMIT $2
        ) mentions
    )"""

JOINS: Final = """
LEFT JOIN room_head h ON h.room_id = asked.room_id
LEFT JOIN member m ON m.room_id = asked.room_id AND m.person_id = asked.person_id
LEFT JOIN system_role s ON s.person_id = asked.person_id
CROSS JOIN LATERAL (
    SELECT coalesce(max(read_seq), 0) AS read_seq FROM receipt
    WHERE receipt.room_id = asked.room_id AND receipt.person_id = asked.person_id
) cursor"""

STANDINGS: Final = f"""
SELECT {STANDING}
FROM unnest($3::uuid[], $4::uuid[]) WITH ORDINALITY AS asked (person_id, room_id, place)
{JOINS}
ORDER BY asked.place
"""

ROOMS_OF: Final = f"""
SELECT {STANDING}
FROM unnest($3::uuid[]) AS person (person_id)
CROSS JOIN LATERAL (
    SELECT member.room_id, member.person_id, head.written_at
    FROM member JOIN room_head head ON head.room_id = member.room_id
    WHERE member.person_id = person.person_id AND member.role IS NOT NULL
        AND head.state <> 'deleted'
    ORDER BY head.written_at DESC, member.room_id
    LIMIT $4
) asked
{JOINS}
ORDER BY asked.person_id, asked.written_at DESC, asked.room_id
"""

MEMBERS: Final = """
SELECT person_id FROM member WHERE room_id = $1 AND role IS NOT NULL
"""

ROLES: Final = """
SELECT person_id, role FROM member WHERE room_id = $1 AND role IS NOT NULL
"""


class MemberStore:
    """`unread_scan` and `unread_max` bound what is looked through and counted."""

    def __init__(self, database: Database, *, unread_scan: int, unread_max: int) -> None:
        self._database = database
        self.bounds = (unread_scan, unread_max)

    async def standings(self, asked: Sequence[tuple[PersonId, RoomId]]) -> list[Standing]:
        """Return how each person stands in their room, in the order asked."""
        rows = await self._database.fetch(STANDINGS, *self.bounds, *columns(asked, 2))
        return [standing_of(tuple(row)) for row in rows]

    async def rooms_of(self, person_ids: Sequence[PersonId], *, limit: int) -> list[Standing]:
        """Return how people stand in their rooms, for each the most recently active first.

        `limit` is that of each person.
        """
        rows = await self._database.fetch(ROOMS_OF, *self.bounds, list(person_ids), limit)
        return [standing_of(tuple(row)) for row in rows]

    async def members(self, room_id: RoomId) -> list[PersonId]:
        rows = await self._database.fetch(MEMBERS, room_id)
        return [row["person_id"] for row in rows]

    async def roles(self, room_id: RoomId) -> list[tuple[PersonId, RoomRole]]:
        """Return everybody who is in a room, and as what."""
        rows = await self._database.fetch(ROLES, room_id)
        return [(row["person_id"], RoomRole(row["role"])) for row in rows]


def standing_of(row: tuple[Any, ...]) -> Standing:
    person_id, room, member, system_role, read_seq, unread, mentions = row
    return Standing(
        person_id=person_id,
        room=None if room is None else room_of(room),
        member=None if member is None else member_of(member),
        system_role=SystemRole(system_role),
        read_seq=read_seq,
        unread=unread,
        mentions=mentions,
    )
