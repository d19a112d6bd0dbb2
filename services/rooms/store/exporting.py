"""What rooms has of a person, for their own eyes.

Who else is in their rooms, or has put them out, is not theirs to take away.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import JsonValue, TypeAdapter

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Database
from libs.common.times import rfc3339_if

ROOMS: Final = """
    SELECT room.id, room.id AS room_id, room.kind, room.state, room.title, room.topic, member.role,
           room.owner_id = $1 AS is_owned,
           extract(epoch FROM member.since)::float8 AS since
    FROM member JOIN room ON room.id = member.room_id
    WHERE member.person_id = $1 AND room.state <> 'deleted' AND room.id > $2
    ORDER BY room.id LIMIT $3
"""

INVITATIONS: Final = """
    SELECT id, room_id, role, max_uses, uses,
           extract(epoch FROM made_at)::float8 AS since,
           extract(epoch FROM expires_at)::float8 AS until
    FROM invite
    WHERE made_by = $1 AND id > $2
    ORDER BY id LIMIT $3
"""

BLOCKS: Final = """
    SELECT blocked_id AS id, blocked_id AS person_id,
           extract(epoch FROM since)::float8 AS since
    FROM block
    WHERE person_id = $1 AND blocked_id > $2
    ORDER BY blocked_id LIMIT $3
"""

BANS: Final = """
    SELECT room_id AS id, room_id, reason,
           extract(epoch FROM made_at)::float8 AS since,
           extract(epoch FROM until)::float8 AS until
    FROM ban
    WHERE person_id = $1 AND room_id > $2
    ORDER BY room_id LIMIT $3
"""

MUTES: Final = """
    SELECT room_id AS id, room_id, reason,
           extract(epoch FROM made_at)::float8 AS since,
           extract(epoch FROM until)::float8 AS until
    FROM mute
    WHERE person_id = $1 AND room_id > $2
    ORDER BY room_id LIMIT $3
"""

# Their ids are numbers: written as ids of the length that lists here go on by, in the same order.
CHANGES: Final = """
    SELECT lpad(to_hex(id), 32, '0')::uuid AS id, room_id, kind, details,
           extract(epoch FROM at)::float8 AS since
    FROM room_change
    WHERE actor_id = $1 AND lpad(to_hex(id), 32, '0')::uuid > $2
    ORDER BY room_change.id LIMIT $3
"""

TIMES: Final = frozenset({"since", "until"})

JSON: Final[TypeAdapter[JsonValue]] = TypeAdapter(JsonValue)

Item = tuple[UUID, dict[str, JsonValue]]
"""Something of a person, and the id by which a list of such goes on."""

Part = Callable[[PersonId, UUID, int], Awaitable[list[Item]]]
"""Returns at most so many items of a person, those behind an id in the order of ids."""


class ExportingStore:
    """`parts` are all that there is of a person, in the order in which it is exported."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.parts: Mapping[str, Part] = {
            "rooms": self._rooms,
            "room-invitations": self._invitations,
            "blocks": self._blocks,
            "bans": self._bans,
            "mutes": self._mutes,
            "room-changes": self._changes,
        }

    async def _rooms(self, person_id: PersonId, after: UUID, limit: int) -> list[Item]:
        return _items(await self._database.fetch(ROOMS, person_id, after, limit))

    async def _invitations(self, person_id: PersonId, after: UUID, limit: int) -> list[Item]:
        return _items(await self._database.fetch(INVITATIONS, person_id, after, limit))

    async def _blocks(self, person_id: PersonId, after: UUID, limit: int) -> list[Item]:
        return _items(await self._database.fetch(BLOCKS, person_id, after, limit))

    async def _bans(self, person_id: PersonId, after: UUID, limit: int) -> list[Item]:
        return _items(await self._database.fetch(BANS, person_id, after, limit))

    async def _mutes(self, person_id: PersonId, after: UUID, limit: int) -> list[Item]:
        return _items(await self._database.fetch(MUTES, person_id, after, limit))

    async def _changes(self, person_id: PersonId, after: UUID, limit: int) -> list[Item]:
        return _items(await self._database.fetch(CHANGES, person_id, after, limit))


def _items(rows: Iterable[asyncpg.Record]) -> list[Item]:
    """Return rows as JSON, each without its first column: the id by which the list goes on."""
    return [
        (row[0], {name: _shown(name, value) for name, value in list(row.items())[1:]})
        for row in rows
    ]


def _shown(name: str, value: Any) -> JsonValue:
    if name in TIMES:
        return rfc3339_if(value)
    if name == "details":
        return JSON.validate_json(value)
    return str(value) if isinstance(value, UUID) else value
