"""Reads all that the commands of a batch may depend on: one statement, one moment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from libs.common.contracts.ids import RoomId
from libs.common.contracts.people import SystemRole
from libs.common.postgres import Database
from services.messages.model.changes import Known, Outcome, Wanted
from services.messages.store.rows import (
    ENTRY,
    MEMBER,
    MESSAGE,
    ROOM,
    WITH_MESSAGE,
    columns,
    entry_of,
    member_of,
    message_of,
    room_of,
)

# Every lookup is LATERAL with a LIMIT, or from an array by primary key: an index is the only way to
# do it, whatever the planner believes of tables that were empty a minute ago.
LOOK_UP: Final = f"""
SELECT
    ARRAY(SELECT ROW({ROOM}) FROM room_head h WHERE h.room_id = ANY($1::uuid[])),
    ARRAY(
        SELECT ROW(m.room_id, ROW({MEMBER}))
        FROM unnest($2::uuid[], $3::uuid[]) AS asked (room_id, person_id)
        CROSS JOIN LATERAL (
            SELECT * FROM member
            WHERE member.room_id = asked.room_id AND member.person_id = asked.person_id
            LIMIT 1
        ) m
    ),
    ARRAY(SELECT ROW(r.person_id, r.role) FROM system_role r WHERE r.person_id = ANY($3::uuid[])),
    ARRAY(
        SELECT ROW(
            k.room_id, k.actor_id, k.command_id, k.kind, k.content_hash, k.seq,
            CASE WHEN l.seq IS NOT NULL THEN ROW({ENTRY}) END
        )
        FROM unnest($4::uuid[], $5::uuid[], $6::text[]) AS asked (room_id, actor_id, command_id)
        CROSS JOIN LATERAL (
            SELECT * FROM command_key
            WHERE command_key.room_id = asked.room_id
                AND command_key.actor_id = asked.actor_id
                AND command_key.command_id = asked.command_id
            LIMIT 1
        ) k
        LEFT JOIN LATERAL (
            SELECT * FROM log WHERE log.room_id = k.room_id AND log.seq = k.seq LIMIT 1
        ) l ON true
        {WITH_MESSAGE}
    ),
    ARRAY(
        SELECT ROW({MESSAGE})
        FROM unnest($7::uuid[], $8::uuid[]) AS asked (room_id, message_id)
        CROSS JOIN LATERAL (
            SELECT * FROM log
            WHERE log.room_id = asked.room_id AND log.message_id = asked.message_id
            LIMIT 1
        ) m
    ),
    ARRAY(
        SELECT ROW(asked.room_id, asked.message_id, asked.person_id, r.emoji)
        FROM unnest($9::uuid[], $10::uuid[], $11::uuid[])
            AS asked (room_id, message_id, person_id)
        CROSS JOIN LATERAL (
            SELECT * FROM log
            WHERE log.room_id = asked.room_id AND log.message_id = asked.message_id
            LIMIT 1
        ) m
        JOIN reaction r
            ON r.room_id = m.room_id AND r.seq = m.seq AND r.person_id = asked.person_id
    )
"""


class KnownStore:
    """Answers what the write path asks before it refuses anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look_up(self, wanted: Sequence[Wanted]) -> dict[RoomId, Known]:
        """Return everything that is known of what is wanted of each room.

        Who or what is not there is left out, but for people: they are None.
        """
        people = _pairs((w.room_id, w.people) for w in wanted)
        keys = [(w.room_id, *key) for w in wanted for key in w.keys]
        messages = _pairs((w.room_id, w.messages) for w in wanted)
        emoji = [(w.room_id, *emoji) for w in wanted for emoji in w.emoji]
        row = await self._database.fetchrow(
            LOOK_UP,
            [w.room_id for w in wanted],
            *columns(people, 2),
            *columns(keys, 3),
            *columns(messages, 2),
            *columns(emoji, 3),
        )
        known = {w.room_id: Known(None, dict.fromkeys(w.people), is_complete=True) for w in wanted}
        if row is not None:
            _fill(known, tuple(row))
        return known


def _pairs(each: Iterable[tuple[UUID, Iterable[UUID]]]) -> list[tuple[UUID, UUID]]:
    return [(room_id, other) for room_id, others in each for other in others]


def _fill(known: Mapping[RoomId, Known], row: Sequence[Any]) -> None:
    rooms, members, roles, outcomes, messages, emoji = row
    for room in map(room_of, rooms):
        known[room.id].room = room
    for room_id, standing in members:
        member = member_of(standing)
        known[room_id].members[member.person.id] = member
    system_roles = {person_id: SystemRole(role) for person_id, role in roles}
    for each in known.values():
        each.system_roles = system_roles
    for room_id, actor_id, command_id, kind, content_hash, seq, entry in outcomes:
        known[room_id].outcomes[actor_id, command_id] = Outcome(
            kind, content_hash, seq, None if entry is None else entry_of(entry)
        )
    for message in map(message_of, messages):
        known[message.room_id].messages[message.id] = message
    for room_id, message_id, person_id, one in emoji:
        has = known[room_id].emoji
        key = (message_id, person_id)
        has[key] = has.get(key, frozenset()) | {one}
