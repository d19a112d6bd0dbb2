"""What rooms has of a person, for their own eyes."""

from typing import Final

from pydantic import JsonValue

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.postgres import Database
from libs.common.times import rfc3339

MEMBERSHIPS: Final = """
    SELECT room.id, room.kind, room.state, room.title, room.topic, member.role,
           room.owner_id = $1 AS is_owned,
           extract(epoch FROM member.since)::float8 AS since
    FROM member JOIN room ON room.id = member.room_id
    WHERE member.person_id = $1 AND room.state <> 'deleted' AND room.id > $2
    ORDER BY room.id LIMIT $3
"""


class ExportingStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def memberships(
        self, person_id: PersonId, *, after: RoomId, limit: int
    ) -> list[dict[str, JsonValue]]:
        """Return at most `limit` of somebody's rooms behind `after`, in the order of ids.

        Who else is in them is not theirs to take away.
        """
        rows = await self._database.fetch(MEMBERSHIPS, person_id, after, limit)
        return [
            {
                "room_id": str(row["id"]),
                "kind": row["kind"],
                "state": row["state"],
                "title": row["title"],
                "topic": row["topic"],
                "role": row["role"],
                "is_owned": row["is_owned"],
                "since": rfc3339(row["since"]),
            }
            for row in rows
        ]
