"""What entries do beside the log: rooms, members, messages, reactions.

These run in the transaction that has appended the entries, under the locks on the rooms' heads, so
nobody else writes to these rooms meanwhile. Each statement takes all rooms at once.
"""

from collections.abc import Sequence
from typing import Any, Final

from libs.common.postgres import Connection
from services.messages.model.changes import Change
from services.messages.model.log import Message
from services.messages.model.rooms import Room
from services.messages.store.rows import columns, moment, uuid_array

NEVER_TOLD: Final = -1
"""The version of a room that is just beginning: below every version that rooms tells."""

# Two instances may begin the same room at once; which of them did is seen when heads are compared.
BEGIN_ROOMS: Final = """
INSERT INTO room_head (
    room_id, epoch, last_seq, version, written_at, kind, state, title, topic, slow_mode_s,
    opens_at, closes_at, is_locked, is_archived
)
SELECT room_id, epoch, 0, $2, $1, kind, state, title, topic, slow_mode_s, opens_at, closes_at,
    is_locked, is_archived
FROM unnest(
    $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[],
    $10::timestamptz[], $11::timestamptz[], $12::boolean[], $13::boolean[]
) AS room (
    room_id, epoch, kind, state, title, topic, slow_mode_s, opens_at, closes_at, is_locked,
    is_archived
)
ORDER BY room_id
ON CONFLICT (room_id) DO NOTHING
"""

CHANGE_ROOMS: Final = """
UPDATE room_head
SET kind = room.kind, state = room.state, title = room.title, topic = room.topic,
    slow_mode_s = room.slow_mode_s, opens_at = room.opens_at, closes_at = room.closes_at,
    is_locked = room.is_locked, is_archived = room.is_archived
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[],
    $7::timestamptz[], $8::timestamptz[], $9::boolean[], $10::boolean[]
) AS room (
    room_id, kind, state, title, topic, slow_mode_s, opens_at, closes_at, is_locked, is_archived
)
WHERE room_head.room_id = room.room_id
"""

PUT_MEMBERS: Final = """
INSERT INTO member (
    room_id, person_id, person_kind, name, role, is_banned, muted_until, is_blocked, banned_until,
    since
)
SELECT told.*, $10::timestamptz FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::timestamptz[],
    $8::boolean[], $9::timestamptz[]
) AS told
ON CONFLICT (room_id, person_id) DO UPDATE
SET person_kind = excluded.person_kind, name = excluded.name, role = excluded.role,
    is_banned = excluded.is_banned, muted_until = excluded.muted_until,
    is_blocked = excluded.is_blocked, banned_until = excluded.banned_until,
    since = CASE WHEN member.role IS NULL THEN excluded.since ELSE member.since END
"""

DROP_MEMBERS: Final = """
DELETE FROM member
USING unnest($1::uuid[], $2::uuid[]) AS gone (room_id, person_id)
WHERE member.room_id = gone.room_id AND member.person_id = gone.person_id
"""

CHANGE_MESSAGES: Final = """
UPDATE log
SET content = m.content, rev = m.rev, edited_at = m.edited_at, deleted_at = m.deleted_at,
    deleted_seq = m.deleted_seq, mentions = m.mentions::uuid[]
FROM unnest(
    $1::uuid[], $2::bigint[], $3::text[], $4::integer[], $5::timestamptz[], $6::timestamptz[],
    $7::bigint[], $8::text[]
) AS m (room_id, seq, content, rev, edited_at, deleted_at, deleted_seq, mentions)
WHERE log.room_id = m.room_id AND log.seq = m.seq
"""

# The rows in the log still say whom the messages mentioned before.
DROP_MENTIONS: Final = """
DELETE FROM mention
USING unnest($1::uuid[], $2::bigint[]) AS m (room_id, seq)
CROSS JOIN LATERAL (
    SELECT mentions FROM log WHERE log.room_id = m.room_id AND log.seq = m.seq LIMIT 1
) said
CROSS JOIN LATERAL unnest(said.mentions) AS was (person_id)
WHERE mention.person_id = was.person_id AND mention.room_id = m.room_id AND mention.seq = m.seq
"""

# Between two of whom one has blocked the other no mention counts.
PUT_MENTIONS: Final = """
INSERT INTO mention (room_id, seq, person_id)
SELECT said.room_id, said.seq, said.person_id
FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[])
    AS said (room_id, seq, person_id, author_id)
WHERE NOT are_apart(said.author_id, said.person_id)
"""

KEEP_PAST: Final = """
INSERT INTO message_edit (room_id, seq, rev, content, written_at)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::integer[], $4::text[], $5::timestamptz[])
"""

DROP_PAST: Final = """
DELETE FROM message_edit
USING unnest($1::uuid[], $2::bigint[]) AS m (room_id, seq)
WHERE message_edit.room_id = m.room_id AND message_edit.seq = m.seq
"""

# What was taken away and put back in one batch is there already.
PUT_REACTIONS: Final = """
INSERT INTO reaction (room_id, seq, person_id, emoji, added_seq)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::bigint[])
ON CONFLICT (room_id, seq, person_id, emoji) DO UPDATE SET added_seq = excluded.added_seq
"""

DROP_REACTIONS: Final = """
DELETE FROM reaction
USING unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[])
    AS gone (room_id, seq, person_id, emoji)
WHERE reaction.room_id = gone.room_id AND reaction.seq = gone.seq
    AND reaction.person_id = gone.person_id AND reaction.emoji = gone.emoji
"""

DROP_ALL_REACTIONS: Final = """
DELETE FROM reaction
USING unnest($1::uuid[], $2::bigint[]) AS m (room_id, seq)
WHERE reaction.room_id = m.room_id AND reaction.seq = m.seq
"""


PURGE_ROOMS: Final = """
INSERT INTO purge (room_id, begun_at) SELECT room_id, $1 FROM unnest($2::uuid[]) AS room (room_id)
ON CONFLICT (room_id) DO NOTHING
"""


def has_any(change: Change) -> bool:
    """Tell whether a change does anything beside appending messages."""
    return bool(
        change.messages
        or change.reactions
        or change.members
        or change.based_on is None
        or (change.room and change.room.version != change.based_on.version)
    )


async def begin_rooms(connection: Connection, changes: Sequence[Change], *, now: float) -> None:
    """Make the heads of new rooms, to be compared like any other."""
    rows = [
        (room.id, room.epoch, *_state_of(room))
        for change in changes
        if change.based_on is None and (room := change.room)
    ]
    if rows:
        await connection.execute(BEGIN_ROOMS, moment(now), NEVER_TOLD, *columns(rows, 11))


async def apply(connection: Connection, changes: Sequence[Change], *, now: float) -> None:
    """Do everything that the appended entries stand for; `now` is when they were appended."""
    if purged := [change.room_id for change in changes if change.is_purged]:
        await connection.execute(PURGE_ROOMS, moment(now), purged)
    await _change_rooms(connection, changes)
    await _change_members(connection, changes, now=now)
    await _change_reactions(connection, changes)
    await _change_messages(connection, changes)


async def _change_rooms(connection: Connection, changes: Sequence[Change]) -> None:
    rows = [
        (room.id, *_state_of(room))
        for change in changes
        if (room := change.room) and (was := change.based_on) and room.version != was.version
    ]
    if rows:
        await connection.execute(CHANGE_ROOMS, *columns(rows, 10))


def _state_of(room: Room) -> tuple[Any, ...]:
    return (
        room.kind, room.state, room.title, room.topic, room.slow_mode_s,
        moment(room.opens_at), moment(room.closes_at), room.is_locked, room.is_archived,
    )  # fmt: skip


async def _change_members(connection: Connection, changes: Sequence[Change], *, now: float) -> None:
    members = [
        (change.room_id, person_id, member)
        for change in changes
        for person_id, member in change.members.items()
    ]
    put = [
        (
            room_id, person_id, member.person.kind, member.person.name, member.role,
            member.is_banned, moment(member.muted_until), member.is_blocked,
            moment(member.banned_until),
        )
        for room_id, person_id, member in members
        if member is not None
    ]  # fmt: skip
    gone = [(room_id, person_id) for room_id, person_id, member in members if member is None]
    if put:
        await connection.execute(PUT_MEMBERS, *columns(put, 9), moment(now))
    if gone:
        await connection.execute(DROP_MEMBERS, *columns(gone, 2))


async def _change_reactions(connection: Connection, changes: Sequence[Change]) -> None:
    reactions = [
        (change.room_id, *reaction, added_seq)
        for change in changes
        for reaction, added_seq in change.reactions.items()
    ]
    put = [row for row in reactions if row[4] is not None]
    gone = [row for row in reactions if row[4] is None]
    if put:
        await connection.execute(PUT_REACTIONS, *columns(put, 5))
    if gone:
        await connection.execute(DROP_REACTIONS, *columns(gone, 4))


async def _change_messages(connection: Connection, changes: Sequence[Change]) -> None:
    messages = [message for change in changes for message in change.messages.values()]
    if not messages:
        return
    places = [(message.room_id, message.seq) for message in messages]
    await connection.execute(DROP_MENTIONS, *columns(places, 2))
    await connection.execute(CHANGE_MESSAGES, *columns([_state(m) for m in messages], 8))
    mentions = [
        (m.room_id, m.seq, person_id, m.author.id) for m in messages for person_id in m.mentions
    ]
    if mentions:
        await connection.execute(PUT_MENTIONS, *columns(mentions, 4))
    past = [
        (change.room_id, was.seq, was.rev, was.content, moment(was.written_at))
        for change in changes
        for was in change.past
    ]
    if past:
        await connection.execute(KEEP_PAST, *columns(past, 5))
    deleted = [(m.room_id, m.seq) for m in messages if m.deleted_seq is not None]
    if deleted:
        await connection.execute(DROP_PAST, *columns(deleted, 2))
        await connection.execute(DROP_ALL_REACTIONS, *columns(deleted, 2))


def _state(message: Message) -> tuple[Any, ...]:
    return (
        message.room_id,
        message.seq,
        message.content,
        message.rev,
        moment(message.edited_at),
        moment(message.deleted_at),
        message.deleted_seq,
        uuid_array(message.mentions),
    )
