"""What somebody wrote and read, room by room, for their own eyes.

The keys of accepted commands are what finds somebody's messages: there is one for each, in the
order of rooms and people.
"""

from typing import Any, Final

from pydantic import JsonValue

from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.postgres import Database
from libs.common.times import rfc3339, rfc3339_if

ROOMS: Final = """
    SELECT last.room_id AS behind, of_person.room_id
    FROM (
        SELECT max(next.room_id::text)::uuid AS room_id
        FROM (SELECT room_id FROM room_head WHERE room_id > $2 ORDER BY room_id LIMIT $3) next
    ) last
    LEFT JOIN LATERAL (
        SELECT head.room_id FROM room_head head
        WHERE head.room_id > $2 AND head.room_id <= last.room_id AND (
            EXISTS (SELECT FROM command_key k WHERE k.room_id = head.room_id AND k.actor_id = $1)
            OR EXISTS (SELECT FROM receipt r WHERE r.room_id = head.room_id AND r.person_id = $1)
            OR EXISTS (SELECT FROM report r WHERE r.room_id = head.room_id AND r.reporter_id = $1)
        )
        ORDER BY head.room_id LIMIT 1
    ) of_person ON true
"""

SHARE: Final = """
    SELECT count(*) FILTER (WHERE room_id <= $1)::float8 / greatest(count(*), 1) FROM room_head
"""

# Reactions of others are counted, not named.
MESSAGES: Final = """
    SELECT
        said.message_id, said.seq, said.content, said.reply_to, said.thread_root,
        extract(epoch FROM said.at)::float8 AS at,
        extract(epoch FROM said.edited_at)::float8 AS edited_at,
        extract(epoch FROM said.deleted_at)::float8 AS deleted_at,
        ARRAY(
            SELECT past.content FROM message_edit past
            WHERE past.room_id = $2 AND past.seq = said.seq ORDER BY past.rev
        ) AS earlier,
        ARRAY(
            SELECT ROW(emoji, count(*)) FROM reaction
            WHERE reaction.room_id = $2 AND reaction.seq = said.seq
            GROUP BY emoji ORDER BY emoji
        ) AS reactions
    FROM (
        SELECT seq FROM command_key
        WHERE room_id = $2 AND actor_id = $1 AND kind = 'post' AND seq > $3
        ORDER BY seq LIMIT $4
    ) mine
    CROSS JOIN LATERAL (
        SELECT * FROM log
        WHERE log.room_id = $2 AND log.seq = mine.seq AND log.message_id IS NOT NULL LIMIT 1
    ) said
    ORDER BY said.seq
"""

REACTIONS: Final = """
    SELECT said.message_id, mine.emoji
    FROM reaction mine
    CROSS JOIN LATERAL (
        SELECT * FROM log WHERE log.room_id = $2 AND log.seq = mine.seq LIMIT 1
    ) said
    WHERE mine.room_id = $2 AND mine.person_id = $1
    ORDER BY mine.seq LIMIT $3
"""

# What others said is theirs.
REPORTS: Final = """
    SELECT
        said.message_id, mine.reason, mine.note, mine.state,
        extract(epoch FROM mine.at)::float8 AS at
    FROM report mine
    CROSS JOIN LATERAL (
        SELECT * FROM log WHERE log.room_id = $2 AND log.seq = mine.seq LIMIT 1
    ) said
    WHERE mine.room_id = $2 AND mine.reporter_id = $1
    ORDER BY mine.number LIMIT $3
"""

READ: Final = "SELECT read_seq FROM receipt WHERE room_id = $2 AND person_id = $1"

Item = dict[str, JsonValue]


class ExportingStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def next_room(
        self, person_id: PersonId, after: RoomId, *, among: int
    ) -> tuple[RoomId | None, RoomId | None]:
        """Return the first of the next `among` rooms in which somebody left something.

        And the place behind which to go on: that room, or else the last that was looked at; None
        when there are no more rooms.
        """
        row = await self._database.fetchrow(ROOMS, person_id, after, among)
        if row is None or row["behind"] is None:
            return None, None
        found = row["room_id"]
        return found, found or row["behind"]

    async def share(self, room_id: RoomId) -> float:
        """Return how much of all rooms lies behind, 0 to 1."""
        return float(await self._database.fetchval(SHARE, room_id))

    async def messages(
        self, person_id: PersonId, room_id: RoomId, *, after: Seq, limit: int
    ) -> list[Item]:
        """Return at most `limit` messages of somebody behind a seq, oldest first."""
        rows = await self._database.fetch(MESSAGES, person_id, room_id, after, limit)
        return [_message(room_id, row) for row in rows]

    async def reactions(self, person_id: PersonId, room_id: RoomId, *, limit: int) -> list[Item]:
        """Return at most `limit` reactions of somebody, those to the oldest messages first."""
        rows = await self._database.fetch(REACTIONS, person_id, room_id, limit)
        return [
            {
                "room_id": str(room_id),
                "message_id": str(row["message_id"]),
                "emoji": row["emoji"],
            }
            for row in rows
        ]

    async def reports(self, person_id: PersonId, room_id: RoomId, *, limit: int) -> list[Item]:
        """Return at most `limit` reports that somebody made, the oldest first."""
        rows = await self._database.fetch(REPORTS, person_id, room_id, limit)
        return [
            {
                "room_id": str(room_id),
                "message_id": str(row["message_id"]),
                "reason": row["reason"],
                "note": row["note"],
                "at": rfc3339(row["at"]),
                "state": row["state"],
            }
            for row in rows
        ]

    async def read(self, person_id: PersonId, room_id: RoomId) -> list[Item]:
        """Return how far somebody has read, if they have."""
        read_seq = await self._database.fetchval(READ, person_id, room_id)
        return [] if read_seq is None else [{"room_id": str(room_id), "read_seq": read_seq}]


def _message(room_id: RoomId, row: Any) -> Item:
    return {
        "room_id": str(room_id),
        "message_id": str(row["message_id"]),
        "seq": row["seq"],
        "created_at": rfc3339(row["at"]),
        "content": row["content"],
        "edited_at": rfc3339_if(row["edited_at"]),
        "deleted_at": rfc3339_if(row["deleted_at"]),
        "earlier_versions": list(row["earlier"]),
        "reply_to": _id(row["reply_to"]),
        "thread_root": _id(row["thread_root"]),
        "reactions": dict(row["reactions"]),
    }


def _id(value: object) -> str | None:
    return None if value is None else str(value)
