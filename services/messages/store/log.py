"""Writes what was decided: all of a batch's changes, or none because one of them is stale.

A change is stale when its room's head or version is no longer the one it was based on, or when one
of its commands was obeyed meanwhile. Heads are locked in the order of their ids and compared under
the lock in the very statement that writes, so nothing can come in between: whoever was paused, or
remembers wrongly, writes nothing.

Why all or none: joining each entry to the verdict on its own room made a batch of 500 take 470 ms
where this takes 23. And a stale room costs its batch one more round either way.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import asyncpg

from libs.common.contracts.ids import RoomId, Seq
from libs.common.postgres import Connection, Database
from services.messages.model.changes import Change
from services.messages.model.log import Entry, EntryKind
from services.messages.store import effects
from services.messages.store.rows import columns, detail_json, moment, uuid_array

# One message to a known room: costs Postgres half of what the statement below would.
APPEND_ONE: Final = """
WITH fresh AS (
    UPDATE room_head SET last_seq = $2 + 1, written_at = $4,
        message_at = greatest(message_at, $4)
    WHERE room_id = $1 AND last_seq = $2 AND version = $3
        AND NOT EXISTS (
            SELECT FROM command_key
            WHERE room_id = $1 AND actor_id = $6 AND command_id = $8
        )
    RETURNING room_id
), logged AS (
    INSERT INTO log (
        room_id, seq, kind, at, actor_kind, actor_id, actor_name, client_msg_id, message_id,
        content, reply_to, thread_root, rev, mentions
    )
    SELECT room_id, $2 + 1, 'message', $4, $5, $6, $7, $8, $10, $11, $12, $13, 1, '{}'
    FROM fresh
), keyed AS (
    INSERT INTO command_key (room_id, actor_id, command_id, seq, kind, content_hash)
    SELECT room_id, $6, $8, $2 + 1, 'post', $9
    FROM fresh
)
SELECT room_id FROM fresh
"""

# Returns the stale rooms; when there is one, nothing was written.
APPEND: Final = """
WITH room AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $27::boolean[]
    ) AS room (room_id, was_seq, was_version, last_seq, version, has_message)
), command AS MATERIALIZED (
    SELECT * FROM unnest(
        $7::uuid[], $8::uuid[], $9::text[], $10::bigint[], $11::text[], $12::bytea[]
    ) AS command (room_id, actor_id, command_id, seq, kind, content_hash)
), entry AS MATERIALIZED (
    SELECT * FROM unnest(
        $13::uuid[], $14::bigint[], $15::text[], $16::text[], $17::uuid[], $18::text[],
        $19::bigint[], $20::jsonb[], $21::uuid[], $22::text[], $23::text[], $24::uuid[],
        $25::uuid[], $26::text[]
    ) AS entry (
        room_id, seq, kind, actor_kind, actor_id, actor_name, target_seq, detail, message_id,
        client_msg_id, content, reply_to, thread_root, mentions
    )
), unchanged AS MATERIALIZED (
    SELECT h.room_id
    FROM room_head h
    JOIN room ON room.room_id = h.room_id
        AND room.was_seq = h.last_seq AND room.was_version = h.version
    ORDER BY h.room_id
    FOR NO KEY UPDATE OF h
), stale AS MATERIALIZED (
    SELECT room_id FROM room WHERE room_id NOT IN (SELECT room_id FROM unchanged)
    UNION ALL
    SELECT command.room_id
    FROM command
    CROSS JOIN LATERAL (
        SELECT FROM command_key
        WHERE command_key.room_id = command.room_id
            AND command_key.actor_id = command.actor_id
            AND command_key.command_id = command.command_id
        LIMIT 1
    ) known
), moved AS (
    UPDATE room_head
    SET last_seq = room.last_seq, version = room.version, written_at = $1,
        message_at = CASE WHEN room.has_message THEN greatest(message_at, $1)
            ELSE message_at END
    FROM room
    WHERE room_head.room_id = room.room_id AND NOT EXISTS (SELECT FROM stale)
), logged AS (
    INSERT INTO log (
        room_id, seq, kind, at, actor_kind, actor_id, actor_name, target_seq, detail, message_id,
        client_msg_id, content, reply_to, thread_root, rev, mentions
    )
    SELECT
        room_id, seq, kind, $1, actor_kind, actor_id, actor_name, target_seq, detail, message_id,
        client_msg_id, content, reply_to, thread_root,
        CASE WHEN message_id IS NOT NULL THEN 1 END, mentions::uuid[]
    FROM entry
    WHERE NOT EXISTS (SELECT FROM stale)
), mentioned AS (
    INSERT INTO mention (person_id, room_id, seq)
    SELECT person_id, room_id, seq
    FROM entry CROSS JOIN LATERAL unnest(mentions::uuid[]) AS person_id
    WHERE mentions IS NOT NULL AND mentions <> '{}' AND NOT EXISTS (SELECT FROM stale)
        AND NOT are_apart(entry.actor_id, person_id)
), keyed AS (
    INSERT INTO command_key (room_id, actor_id, command_id, seq, kind, content_hash)
    SELECT room_id, actor_id, command_id, seq, kind, content_hash
    FROM command
    WHERE NOT EXISTS (SELECT FROM stale)
)
SELECT DISTINCT room_id FROM stale
"""

NO_MESSAGE: Final = (None,) * 6
"""The columns of an entry that only messages fill."""


class LogStore:
    """Appends to the logs of rooms."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, changes: Sequence[Change], *, now: float) -> set[RoomId]:
        """Write all changes, or none, and return the rooms because of which it was none.

        `now` is when it happens. Every change has a room. Raises: Unavailable, and then nobody
        knows whether it was written; writing the same commands again finds out.
        """
        only = _one_message(changes)
        try:
            if only is not None:
                return await self._append_one(changes[0], only, now=now)
            if not any(map(effects.has_any, changes)):
                async with self._database.connection() as connection:
                    return await _append(connection, changes, now=now)
            return await self._append_with_effects(changes, now=now)
        except asyncpg.UniqueViolationError as error:
            # Another instance obeyed one of the commands and it changed nothing, so no head moved.
            if not (error.table_name or "").startswith("command_key"):
                raise
            return {change.room_id for change in changes}

    async def _append_one(self, change: Change, entry: Entry, *, now: float) -> set[RoomId]:
        ((actor_id, command_id), outcome) = next(iter(change.outcomes.items()))
        message = entry.message
        if message is None or change.based_on is None:
            raise ValueError("one message to a known room is wanted here")
        written = await self._database.fetchrow(
            APPEND_ONE,
            change.room_id,
            change.based_on.head_seq,
            change.based_on.version,
            moment(now),
            entry.actor.kind,
            actor_id,
            entry.actor.name,
            command_id,
            outcome.content_hash,
            message.id,
            message.content,
            message.reply_to,
            message.thread_root,
        )
        return {change.room_id} if written is None else set()

    async def _append_with_effects(self, changes: Sequence[Change], *, now: float) -> set[RoomId]:
        try:
            async with self._database.transaction() as connection:
                await effects.begin_rooms(connection, changes, now=now)
                stale = await _append(connection, changes, now=now)
                if stale:
                    raise _Stale(stale)
                await effects.apply(connection, changes, now=now)
        except _Stale as reason:
            return reason.rooms
        return set()


class _Stale(Exception):
    """Rolls a transaction back."""

    def __init__(self, rooms: set[RoomId]) -> None:
        super().__init__()
        self.rooms = rooms


async def _append(connection: Connection, changes: Sequence[Change], *, now: float) -> set[RoomId]:
    rows = await connection.fetch(
        APPEND,
        moment(now),
        *columns([_room(change) for change in changes], 5),
        *columns([key for change in changes for key in _keys(change)], 6),
        *columns([_entry(entry) for change in changes for entry in change.entries], 14),
        [_has_message(change) for change in changes],
    )
    return {row["room_id"] for row in rows}


def _one_message(changes: Sequence[Change]) -> Entry | None:
    """Return the entry when all there is to write is one message that mentions nobody."""
    if len(changes) != 1 or len(changes[0].entries) != 1 or len(changes[0].outcomes) != 1:
        return None
    entry = changes[0].entries[0]
    is_plain = entry.kind is EntryKind.MESSAGE and entry.message and not entry.message.mentions
    return entry if is_plain and not effects.has_any(changes[0]) else None


def _room(change: Change) -> tuple[RoomId, Seq, int, Seq, int]:
    was, room = change.based_on, change.room
    if room is None:
        raise ValueError("a change without a room has nothing to write")
    if was is None:
        return change.room_id, Seq(0), effects.NEVER_TOLD, room.head_seq, room.version
    return change.room_id, was.head_seq, was.version, room.head_seq, room.version


def _has_message(change: Change) -> bool:
    return any(entry.kind is EntryKind.MESSAGE for entry in change.entries)


def _keys(change: Change) -> Iterator[tuple[Any, ...]]:
    for (actor_id, command_id), outcome in change.outcomes.items():
        yield (
            change.room_id,
            actor_id,
            command_id,
            outcome.seq,
            outcome.kind,
            outcome.content_hash,
        )


def _entry(entry: Entry) -> tuple[Any, ...]:
    about = entry.message
    of_entry = (
        entry.room_id, entry.seq, entry.kind, entry.actor.kind, entry.actor.id, entry.actor.name
    )  # fmt: skip
    if entry.kind is not EntryKind.MESSAGE or about is None:
        target_seq = None if about is None else about.seq
        return (*of_entry, target_seq, detail_json(entry), *NO_MESSAGE)
    mentions = uuid_array(about.mentions)
    return (
        *of_entry, None, None, about.id, about.client_msg_id, about.content, about.reply_to,
        about.thread_root, mentions,
    )  # fmt: skip
