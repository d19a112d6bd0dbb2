"""What the logs know of a person, found and made nameless a stretch at a time.

A stretch is a run of entries in the order of rooms and seqs. What it holds of the person is changed
under the locks of its rooms' heads, like everything that is written to a log; no seq comes or goes.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from libs.common.contracts.ids import MessageId, PersonId, RoomId, Seq
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.privacy import ErasureRequest
from libs.common.erasures import affected, count
from libs.common.postgres import Connection, Database

Place = tuple[RoomId, Seq]

START: Final[Place] = (RoomId(UUID(int=0)), Seq(0))
END: Final[Place] = (RoomId(UUID(int=2**128 - 1)), Seq(2**63 - 1))

IS_EXPECTED: Final = """
    SELECT EXISTS (SELECT FROM member WHERE person_id = $1 AND role IS NOT NULL)
        OR EXISTS (SELECT FROM system_role WHERE person_id = $1 AND role <> 'member')
"""

PROGRESS: Final = """
    SELECT room_id, seq, swept_room_id FROM erasure WHERE id = $1 AND person_id = $2
"""

WALKED: Final = "UPDATE erasure SET room_id = $3, seq = $4 WHERE id = $1 AND person_id = $2"

SWEPT: Final = "UPDATE erasure SET swept_room_id = $3 WHERE id = $1 AND person_id = $2"

STRETCH_END: Final = """
    SELECT room_id, seq FROM log WHERE (room_id, seq) > ($1, $2)
    ORDER BY room_id, seq OFFSET $3 LIMIT 1
"""

MESSAGES: Final = """
    SELECT room_id, message_id, NULL AS emoji FROM log
    WHERE (room_id, seq) > ($1, $2) AND (room_id, seq) <= ($3, $4)
        AND actor_id = $5 AND message_id IS NOT NULL AND deleted_seq IS NULL
    ORDER BY room_id, seq LIMIT $6
"""

REACTIONS: Final = """
    SELECT log.room_id, log.message_id, mine.emoji
    FROM (
        SELECT * FROM reaction
        WHERE (room_id, seq) > ($1, $2) AND (room_id, seq) <= ($3, $4) AND person_id = $5
        ORDER BY room_id, seq LIMIT $6
    ) mine
    CROSS JOIN LATERAL (
        SELECT * FROM log WHERE log.room_id = mine.room_id AND log.seq = mine.seq LIMIT 1
    ) log
"""

# Rooms in the order of their ids, as everybody who holds several of them.
HOLD_HEADS: Final = """
    SELECT FROM room_head WHERE room_id IN (
        SELECT room_id FROM log
        WHERE (room_id, seq) > ($1, $2) AND (room_id, seq) <= ($3, $4)
            AND (actor_id = $5 OR detail #>> '{person,id}' = $5::uuid::text)
    )
    ORDER BY room_id FOR NO KEY UPDATE
"""

# A room that they deleted was theirs to name.
FORGET_TITLES: Final = """
    UPDATE room_head SET title = '', topic = ''
    WHERE state = 'deleted' AND EXISTS (
        SELECT FROM log
        WHERE (log.room_id, log.seq) > ($1, $2) AND (log.room_id, log.seq) <= ($3, $4)
            AND log.room_id = room_head.room_id AND log.kind = 'room_deleted'
            AND log.actor_id = $5
    )
"""

# What they called rooms is replaced by what those are called now; the last word was that anyway.
FORGET_ACTOR: Final = """
    UPDATE log SET
        actor_name = $6,
        client_msg_id = CASE WHEN log.message_id IS NOT NULL THEN log.message_id::text END,
        detail = CASE WHEN log.kind IN ('room_updated', 'room_deleted')
            THEN log.detail || jsonb_build_object('title', head.title, 'topic', head.topic)
            ELSE log.detail END
    FROM room_head head
    WHERE (log.room_id, log.seq) > ($1, $2) AND (log.room_id, log.seq) <= ($3, $4)
        AND head.room_id = log.room_id AND log.actor_id = $5
"""

FORGET_MEMBER: Final = """
    UPDATE log SET detail = jsonb_set(detail, '{person,name}', to_jsonb($6::text))
    WHERE (room_id, seq) > ($1, $2) AND (room_id, seq) <= ($3, $4)
        AND kind IN ('member_joined', 'member_updated', 'member_left')
        AND detail #>> '{person,id}' = $5::uuid::text
"""

ROOMS: Final = "SELECT room_id FROM room_head WHERE room_id > $1 ORDER BY room_id LIMIT $2"

SWEEP_KEYS: Final = "DELETE FROM command_key WHERE room_id = ANY($1::uuid[]) AND actor_id = $2"
SWEEP_TRIES: Final = "DELETE FROM command_try WHERE room_id = ANY($1::uuid[]) AND actor_id = $2"
SWEEP_RECEIPTS: Final = "DELETE FROM receipt WHERE room_id = ANY($1::uuid[]) AND person_id = $2"
SWEEP_MEMBERS: Final = "DELETE FROM member WHERE room_id = ANY($1::uuid[]) AND person_id = $2"
SWEEP_REPORTS: Final = """
    DELETE FROM report WHERE room_id = ANY($1::uuid[]) AND reporter_id = $2
"""
# What they said is gone from the log by now; a report of it is not to keep it.
EMPTY_REPORTS: Final = """
    UPDATE report SET content = ''
    WHERE room_id = ANY($1::uuid[]) AND author_id = $2 AND content <> ''
"""
FORGET_DECIDER: Final = """
    UPDATE report SET decider_name = $3 WHERE room_id = ANY($1::uuid[]) AND decider_id = $2
"""
SWEEP_BLOCKS: Final = "DELETE FROM block WHERE person_id = $1 OR blocked_id = $1"
SWEEP_MENTIONS: Final = "DELETE FROM mention WHERE person_id = $1"
SWEEP_ROLE: Final = "DELETE FROM system_role WHERE person_id = $1"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries behind `after` up to `until`."""

    after: Place
    until: Place


Words = tuple[RoomId, MessageId, str | None]
"""A message of the person or, with an emoji, their reaction to one."""


class ErasingStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_expected(self, person_id: PersonId) -> bool:
        """Tell whether the person may still write somewhere, as far as has been told."""
        return bool(await self._database.fetchval(IS_EXPECTED, person_id))

    async def progress(self, request: ErasureRequest) -> tuple[Place, RoomId]:
        """Return up to where the log was walked, and up to which room was swept."""
        key = request.erasure_id, request.person.id
        row = await self._database.fetchrow(PROGRESS, *key)
        if row is None or row["room_id"] is None:
            return START, START[0]
        return (row["room_id"], row["seq"]), row["swept_room_id"] or START[0]

    async def stretch(self, after: Place, *, entries: int) -> Stretch:
        """Return the next `entries` entries behind a place, or all there are."""
        row = await self._database.fetchrow(STRETCH_END, *after, entries - 1)
        return Stretch(after, END if row is None else (row["room_id"], row["seq"]))

    async def words(self, person_id: PersonId, stretch: Stretch, *, limit: int) -> list[Words]:
        """Return at most `limit` messages, and as many reactions, that are still there."""
        within = (*stretch.after, *stretch.until, person_id, limit)
        rows = await self._database.fetch(MESSAGES, *within)
        rows += await self._database.fetch(REACTIONS, *within)
        return [(row["room_id"], row["message_id"], row["emoji"]) for row in rows]

    async def forget_names(self, request: ErasureRequest, stretch: Stretch) -> None:
        """Let nothing in a stretch name the person; then it is done."""
        person = request.person
        within = (*stretch.after, *stretch.until, person.id)
        async with self._database.transaction() as connection:
            await connection.execute(HOLD_HEADS, *within)
            await connection.execute(FORGET_TITLES, *within)
            as_actor = affected(await connection.execute(FORGET_ACTOR, *within, person.name))
            as_member = affected(await connection.execute(FORGET_MEMBER, *within, person.name))
            await count(connection, request, {"log": as_actor + as_member})
            await connection.execute(WALKED, request.erasure_id, person.id, *stretch.until)

    async def sweep(self, request: ErasureRequest, after: RoomId, *, rooms: int) -> RoomId:
        """Delete what is kept of the person beside the logs of the next rooms; return the last of
        them, which is that of `END` when there are no more.
        """
        person = request.person
        rows = await self._database.fetch(ROOMS, after, rooms)
        found = [row["room_id"] for row in rows]
        last: RoomId = found[-1] if len(found) == rooms else END[0]
        async with self._database.transaction() as connection:
            await count(connection, request, await _sweep(connection, found, person))
            await connection.execute(SWEPT, request.erasure_id, person.id, last)
        return last


async def _sweep(
    connection: Connection, room_ids: list[RoomId], person: PersonCard
) -> dict[str, int]:
    person_id = person.id
    of_rooms = room_ids, person_id
    reports = (
        affected(await connection.execute(SWEEP_REPORTS, *of_rooms))
        + affected(await connection.execute(EMPTY_REPORTS, *of_rooms))
        + affected(await connection.execute(FORGET_DECIDER, *of_rooms, person.name))
    )
    return {
        "command_key": affected(await connection.execute(SWEEP_KEYS, *of_rooms)),
        "command_try": affected(await connection.execute(SWEEP_TRIES, *of_rooms)),
        "receipt": affected(await connection.execute(SWEEP_RECEIPTS, *of_rooms)),
        "member": affected(await connection.execute(SWEEP_MEMBERS, *of_rooms)),
        "report": reports,
        "block": affected(await connection.execute(SWEEP_BLOCKS, person_id)),
        "mention": affected(await connection.execute(SWEEP_MENTIONS, person_id)),
        "system_role": affected(await connection.execute(SWEEP_ROLE, person_id)),
    }
