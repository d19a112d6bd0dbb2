"""Reads somebody's list of rooms, the most recently active first.

Activity is the newest message, deleted or not, or one's own coming, whichever was later: it only
ever rises, and what others do in a large room beside talking does not move it. All rooms of the
person are looked at by their index, which is two rows for each; all else is read for one page.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind
from libs.common.postgres import Database
from services.messages.model.room_list import LastMessage, Listed, Place
from services.messages.store.members import JOINS, STANDING, standing_of

SHOWN_CHARS: Final = 200
"""How much of the last message is shown."""

PAST: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

# The direct room with somebody whom one has blocked is hidden, but not from the other one.
#
# A room that rose since the list was begun is put back to where it was then: its newest messages
# are gone through, which are few if the reader has not slept, and no further than for unread ones.
# Was there none before, its place is that of one's coming: late in the list rather than left out.
LIST: Final = f"""
SELECT {STANDING},
    asked.last_at, asked.place_at, asked.as_of,
    CASE WHEN last.message_id IS NOT NULL THEN ROW(
        last.message_id, last.actor_kind, last.actor_id, last.actor_name,
        left(last.content, {SHOWN_CHARS}), last.at
    ) END,
    CASE WHEN h.kind IN ('direct', 'group') THEN ARRAY(
        SELECT ROW(one.person_kind, one.person_id, one.name) FROM member one
        WHERE one.room_id = asked.room_id AND one.role IS NOT NULL
        ORDER BY one.person_id
    ) END
FROM (
    SELECT mine.*, place.place_at, coalesce($5, max(mine.last_at) OVER ()) AS as_of
    FROM (
        SELECT member.room_id, member.person_id, member.since,
            greatest(member.since, coalesce(head.message_at, head.written_at)) AS last_at
        FROM member JOIN room_head head ON head.room_id = member.room_id
        WHERE member.person_id = $3 AND member.role IS NOT NULL
            AND head.state <> 'deleted' AND NOT head.is_archived
            AND NOT (
                head.kind = 'direct'
                AND EXISTS (SELECT FROM block WHERE person_id = $3 AND is_blocked)
                AND EXISTS (
                    SELECT FROM member other
                    JOIN block ON block.person_id = $3 AND block.blocked_id = other.person_id
                    WHERE other.room_id = head.room_id AND block.is_blocked
                )
            )
            AND (
                $4 = '' OR strpos(lower(head.title), lower($4)) > 0
                OR head.kind IN ('direct', 'group') AND EXISTS (
                    SELECT FROM member other
                    WHERE other.room_id = head.room_id AND other.role IS NOT NULL
                        AND other.person_id <> $3 AND strpos(lower(other.name), lower($4)) > 0
                )
            )
    ) mine
    CROSS JOIN LATERAL (
        SELECT CASE WHEN mine.last_at <= $5 OR $5 IS NULL THEN mine.last_at ELSE greatest(
            mine.since,
            (
                SELECT max(newest.at) FROM (
                    SELECT at FROM log
                    WHERE log.room_id = mine.room_id AND log.message_id IS NOT NULL
                    ORDER BY log.seq DESC
                    LIMIT $1
                ) newest
                WHERE newest.at <= $5
            )
        ) END AS place_at
    ) place
    WHERE $6::timestamptz IS NULL OR (place.place_at, mine.room_id) < ($6, $7::uuid)
    ORDER BY place.place_at DESC, mine.room_id DESC
    LIMIT $8
) asked
{JOINS}
LEFT JOIN LATERAL (
    SELECT * FROM (
        SELECT log.* FROM log
        WHERE log.room_id = asked.room_id AND log.message_id IS NOT NULL
        ORDER BY log.seq DESC
        LIMIT $1
    ) newest
    WHERE newest.deleted_seq IS NULL
    ORDER BY newest.seq DESC
    LIMIT 1
) last ON true
ORDER BY asked.place_at DESC, asked.room_id DESC
"""


class RoomListStore:
    """`bounds` are those of `MemberStore`: how far is looked for what is unread, or was said."""

    def __init__(self, database: Database, *, bounds: tuple[int, int]) -> None:
        self._database = database
        self._bounds = bounds

    async def page(
        self, person_id: PersonId, *, piece: str, after: Place | None, limit: int
    ) -> list[Listed]:
        """Return at most `limit` of somebody's rooms behind `after`.

        `piece` is a part of the title, or of the name of somebody else in a direct or group room.
        """
        behind = (
            (None, None, None)
            if after is None
            else (_moment(after.as_of_us), _moment(after.at_us), after.room_id)
        )
        rows = await self._database.fetch(LIST, *self._bounds, person_id, piece, *behind, limit)
        return [_listed(tuple(row)) for row in rows]


def _listed(row: tuple[Any, ...]) -> Listed:
    *standing, last_at, place_at, as_of, last, people = row
    found = standing_of(tuple(standing))
    room_id = RoomId(found.room.id) if found.room else None
    if room_id is None:
        raise ValueError("a room without a head is in nobody's list")
    return Listed(
        standing=found,
        place=Place(found.person_id, _microseconds(as_of), _microseconds(place_at), room_id),
        last_at=last_at.timestamp(),
        last_message=None if last is None else _message(last),
        people=None if people is None else tuple(_person(*one) for one in people),
    )


def _message(row: tuple[Any, ...]) -> LastMessage:
    message_id, kind, actor_id, name, content, at = row
    return LastMessage(message_id, _person(kind, actor_id, name), content, at.timestamp())


def _person(kind: str, person_id: PersonId, name: str) -> Person:
    return Person(PersonKind(kind), person_id, name)


def _microseconds(at: datetime) -> int:
    return (at - PAST) // MICROSECOND


def _moment(at_us: int) -> datetime:
    return PAST + at_us * MICROSECOND
