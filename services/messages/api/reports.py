"""Reports: people point at a message, and whoever looks after the room decides what comes of it."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import MessageId, RoomId
from libs.common.contracts.people import SystemRole
from libs.common.contracts.scopes import Scope
from libs.common.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unavailable
from libs.common.http.endpoint import Endpoint, Pace
from libs.common.http.people import PEOPLE, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page, Reply
from libs.common.permissions.case import Action
from libs.common.permissions.rules import NotMember
from services.messages.api.access import Access
from services.messages.api.bodies import MessageItem, Strict, item_of
from services.messages.core.content import UNKEEPABLE
from services.messages.core.cursors import EVERYWHERE, PageOf, read_cursor, write_cursor
from services.messages.core.frames import shown_at
from services.messages.model.reports import Reason, Report, ReportId, ReportState
from services.messages.store.messages import MessageStore
from services.messages.store.reports import ReportStore
from services.messages.store.roles import RoleStore

REPORTS: Final = frozenset({PageOf.REPORTS})

NEWEST: Final = 2**63 - 1
"""Above the number of every report."""

CLOSED: Final = (ReportState.DISMISSED, ReportState.ACTED)

REFUSALS: Final = (NotFound, Forbidden, NotMember, Unavailable)

Sought = Literal["open", "closed"]


class NewReport(Strict):
    reason: Reason
    note: Annotated[str, Field(max_length=1_000)] | None = None


class Decided(Strict):
    state: Literal["dismissed", "acted"]


class OwnReport(BaseModel):
    """What a reporter sees of their report."""

    id: UUID
    message_id: MessageId
    reason: Reason
    note: str
    at: str
    state: ReportState


class ReportItem(BaseModel):
    """A report, for those who decide it. While it is open `message.content` is what was reported,
    whether it was edited or deleted since.
    """

    id: UUID
    message: MessageItem
    reporter: PersonShown
    reason: Reason
    note: str
    at: str
    state: ReportState
    decided_by: PersonShown | None
    decided_at: str | None


class ReportApi:
    """`pace` bounds how often one person may report."""

    def __init__(
        self,
        reports: ReportStore,
        messages: MessageStore,
        access: Access,
        roles: RoleStore,
        *,
        pace: Pace,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._reports = reports
        self._messages = messages
        self._access = access
        self._roles = roles
        self._pace = pace
        self._clock = clock
        self._chance = chance

    def endpoints(self) -> list[Endpoint]:
        read, write = Scope.MESSAGES_READ, Scope.MESSAGES_WRITE
        of_room = "/v1/rooms/{room_id}/reports"
        return [
            Endpoint(
                "POST",
                "/v1/messages/{message_id}/report",
                self.report,
                status=201,
                also=(200,),
                admits=PEOPLE,
                scope=write,
                errors=(*REFUSALS, TooMany),
                pace=self._pace,
            ),
            Endpoint("GET", of_room, self.of_room, admits=PEOPLE, scope=read, errors=REFUSALS),
            Endpoint(
                "PATCH",
                f"{of_room}/{{report_id}}",
                self.decide,
                admits=PEOPLE,
                scope=write,
                errors=(*REFUSALS, Conflict),
            ),
            Endpoint("GET", "/v1/reports", self.of_all, scope=read, errors=(Forbidden,)),
        ]

    async def report(
        self, caller: Caller, message_id: MessageId, new: NewReport
    ) -> Reply[OwnReport]:
        """Report a message to those who look after its room; again answers 200 with the first."""
        note = new.note or ""
        if UNKEEPABLE.search(note):
            raise Invalid(fields={"note": "holds a character that cannot be stored"})
        message = await self._messages.find(message_id)
        if message is None:
            raise NotFound
        await self._access.check(caller.person, message.room_id, Action.REPORT)
        report, is_new = await self._reports.make(
            ReportId(self._chance.new_id()),
            (message.room_id, message.seq),
            reporter=caller.person,
            reason=new.reason,
            note=note,
            now=self._clock.now(),
        )
        if report is None:
            raise NotFound
        return Reply(_own(report), status=201 if is_new else 200)

    async def of_room(
        self,
        caller: Caller,
        room_id: RoomId,
        *,
        state: Sought = "open",
        cursor: Cursor | None = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Page[ReportItem]:
        """List the reports of a room, the newest first."""
        before = _before(cursor, room_id)
        await self._access.check(caller.person, room_id, Action.MODERATE)
        return await self._page(caller, room_id, state=state, before=before, limit=limit)

    async def of_all(
        self,
        caller: Caller,
        *,
        state: Sought = "open",
        cursor: Cursor | None = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Page[ReportItem]:
        """List the reports of all rooms, for admins of the system."""
        before = _before(cursor, EVERYWHERE)
        if await self._roles.of(caller.id) is SystemRole.MEMBER:
            raise Forbidden
        return await self._page(caller, None, state=state, before=before, limit=limit)

    async def decide(
        self, caller: Caller, room_id: RoomId, report_id: UUID, decided: Decided
    ) -> ReportItem:
        """Decide a report: nothing is wrong, or something was done."""
        await self._access.check(caller.person, room_id, Action.MODERATE)
        wanted, which = ReportState(decided.state), ReportId(report_id)
        await self._reports.decide(
            which, room_id, wanted, decider=caller.person, now=self._clock.now()
        )
        report = await self._reports.find(which, room_id)
        if report is None:
            raise NotFound
        if report.state is not wanted:
            raise Conflict
        [item] = await self._items([report], caller)
        return item

    async def _page(
        self, caller: Caller, room_id: RoomId | None, *, state: Sought, before: int, limit: int
    ) -> Page[ReportItem]:
        found = await self._reports.listed(
            room_id,
            states=CLOSED if state == "closed" else (ReportState.OPEN,),
            before=before,
            limit=limit + 1,
        )
        page = found[:limit]
        next_cursor = None
        if len(found) > limit:
            next_cursor = write_cursor(PageOf.REPORTS, room_id or EVERYWHERE, page[-1].number)
        return Page(items=await self._items(page, caller), next_cursor=next_cursor)

    async def _items(self, reports: list[Report], caller: Caller) -> list[ReportItem]:
        by_room: dict[RoomId, list[Report]] = {}
        for report in reports:
            by_room.setdefault(report.message.room_id, []).append(report)
        shown: dict[ReportId, MessageItem] = {}
        for room_id, of_room in by_room.items():
            seqs = [report.message.seq for report in of_room]
            reactions = await self._messages.reactions(room_id, seqs, reader=caller.id)
            for report in of_room:
                of_message = reactions.get(report.message.seq, [])
                shown[report.id] = item_of(report.message, of_message)
        return [_item(report, shown[report.id]) for report in reports]


def _before(cursor: str | None, subject: UUID) -> int:
    """Return below which number the page begins.  Raises: Invalid."""
    return NEWEST if cursor is None else read_cursor(cursor, subject, allowed=REPORTS)[1]


def _own(report: Report) -> OwnReport:
    return OwnReport(
        id=report.id,
        message_id=report.message.id,
        reason=report.reason,
        note=report.note,
        at=shown_at(report.at),
        state=report.state,
    )


def _item(report: Report, message: MessageItem) -> ReportItem:
    return ReportItem(
        id=report.id,
        message=message,
        reporter=PersonShown.of(report.reporter),
        reason=report.reason,
        note=report.note,
        at=shown_at(report.at),
        state=report.state,
        decided_by=None if report.decider is None else PersonShown.of(report.decider),
        decided_at=None if report.decided_at is None else shown_at(report.decided_at),
    )
