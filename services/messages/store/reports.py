"""Keeps what people have reported.

What a message said is kept with the report for as long as that is open, so that neither an edit nor
a deletion makes it go away; whoever decides the report lets it go.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import structs

from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.people import Person, PersonKind
from libs.common.postgres import Database
from services.messages.model.reports import Reason, Report, ReportId, ReportState
from services.messages.store.rows import MESSAGE, message_of, moment, seconds

REPORT: Final = f"""
    r.id, r.number, r.reporter_kind, r.reporter_id, r.reporter_name, r.reason, r.note, r.at,
    r.state, r.decider_kind, r.decider_id, r.decider_name, r.decided_at,
    CASE WHEN r.state = 'open' THEN r.content END, ROW({MESSAGE})
"""

# The message is held meanwhile: a deletion comes before and leaves nothing to report, or it comes
# after, and whoever erases its author finds the report.
MAKE: Final = """
WITH said AS (
    SELECT room_id, seq, actor_id, content FROM log
    WHERE room_id = $2 AND seq = $3 AND message_id IS NOT NULL AND deleted_seq IS NULL
    FOR SHARE
)
INSERT INTO report (
    id, room_id, seq, author_id, content, reporter_kind, reporter_id, reporter_name, reason, note,
    at, state
)
SELECT $1, room_id, seq, actor_id, content, $4, $5, $6, $7, $8, $9, 'open' FROM said
ON CONFLICT (room_id, seq, reporter_id) DO NOTHING
RETURNING id
"""

OWN: Final = f"""
SELECT {REPORT}
FROM report r JOIN log m ON m.room_id = r.room_id AND m.seq = r.seq
WHERE r.room_id = $1 AND r.seq = $2 AND r.reporter_id = $3
"""

FIND: Final = f"""
SELECT {REPORT}
FROM report r JOIN log m ON m.room_id = r.room_id AND m.seq = r.seq
WHERE r.id = $1 AND r.room_id = $2
"""

OF_ROOM: Final = f"""
SELECT {REPORT}
FROM report r JOIN log m ON m.room_id = r.room_id AND m.seq = r.seq
WHERE r.room_id = $1 AND r.number < $2 AND r.state = ANY($3::text[])
ORDER BY r.number DESC
LIMIT $4
"""

OF_ALL: Final = f"""
SELECT {REPORT}
FROM report r
JOIN log m ON m.room_id = r.room_id AND m.seq = r.seq
JOIN room_head h ON h.room_id = r.room_id AND h.state <> 'deleted'
WHERE r.number < $1 AND r.state = ANY($2::text[])
ORDER BY r.number DESC
LIMIT $3
"""

DECIDE: Final = """
UPDATE report
SET state = $3, decider_kind = $4, decider_id = $5, decider_name = $6, decided_at = $7, content = ''
WHERE id = $1 AND room_id = $2 AND state = 'open'
"""


class ReportStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self,
        report_id: ReportId,
        place: tuple[RoomId, Seq],
        *,
        reporter: Person,
        reason: Reason,
        note: str,
        now: float,
    ) -> tuple[Report | None, bool]:
        """Report a message; return the reporter's report of it and whether it is a new one.

        None: there is no such message any more.
        """
        made = await self._database.fetchval(
            MAKE,
            report_id,
            *place,
            reporter.kind,
            reporter.id,
            reporter.name,
            reason,
            note,
            moment(now),
        )
        row = await self._database.fetchrow(OWN, *place, reporter.id)
        return (None if row is None else _report(tuple(row))), made is not None

    async def find(self, report_id: ReportId, room_id: RoomId) -> Report | None:
        """Return a report of this room."""
        row = await self._database.fetchrow(FIND, report_id, room_id)
        return None if row is None else _report(tuple(row))

    async def listed(
        self,
        room_id: RoomId | None,
        *,
        states: Sequence[ReportState],
        before: int,
        limit: int,
    ) -> list[Report]:
        """Return at most `limit` reports of one room, or of all, the newest first."""
        if room_id is None:
            rows = await self._database.fetch(OF_ALL, before, states, limit)
        else:
            rows = await self._database.fetch(OF_ROOM, room_id, before, states, limit)
        return [_report(tuple(row)) for row in rows]

    async def decide(
        self,
        report_id: ReportId,
        room_id: RoomId,
        state: ReportState,
        *,
        decider: Person,
        now: float,
    ) -> None:
        """Decide a report of this room that is still open."""
        await self._database.execute(
            DECIDE,
            report_id,
            room_id,
            state,
            decider.kind,
            decider.id,
            decider.name,
            moment(now),
        )


def _report(row: Sequence[Any]) -> Report:
    report_id, number, kind, person_id, name, reason, note, at, state = row[:9]
    decider_kind, decider_id, decider_name, decided_at, content, said = row[9:]
    message = message_of(said)
    return Report(
        id=report_id,
        number=number,
        message=message if content is None else structs.replace(message, content=content),
        reporter=Person(PersonKind(kind), person_id, name),
        reason=Reason(reason),
        note=note,
        at=at.timestamp(),
        state=ReportState(state),
        decider=_person(decider_kind, decider_id, decider_name),
        decided_at=seconds(decided_at),
    )


def _person(kind: str | None, person_id: UUID | None, name: str | None) -> Person | None:
    if kind is None or person_id is None:
        return None
    return Person(PersonKind(kind), PersonId(person_id), name or "")
