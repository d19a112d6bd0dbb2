"""The audit log over HTTP: a page at a time, or all of it as a stream of JSON lines."""

from collections.abc import AsyncIterator
from typing import Final

from pydantic import AwareDatetime
from starlette.responses import StreamingResponse

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import SystemRole
from libs.common.contracts.scopes import Scope
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from services.auth.api.administration.bodies import EntryShown
from services.auth.api.administration.staff import StaffDoor
from services.auth.api.surroundings import Surroundings
from services.auth.core.administration_cursors import EntryCursor
from services.auth.model.acts import Act, Entry, Kind, SoughtEntries
from services.auth.store.audit import AuditStore

EXPORTED_AT_ONCE: Final = 500
"""Entries of an export that are read and held at a time."""


class AuditLog:
    """The endpoints of the audit log."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._store = AuditStore(around.database)
        self._door = StaffDoor(around.accounts)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/v1/admin/audit", self.listed, scope=Scope.ADMIN),
            Endpoint(
                "GET",
                "/v1/admin/audit/export",
                self.export,
                scope=Scope.ADMIN,
                gives="application/x-ndjson",
            ),
        ]

    async def listed(
        self,
        caller: Caller,
        *,
        kind: Kind | None = None,
        person_id: PersonId | None = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[EntryShown]:
        """Return who did what to whom, the newest first."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        place = EntryCursor.read(cursor) if cursor else _end(until)
        found = await self._store.listed(
            SoughtEntries(kind, person_id, _seconds(since)),
            before=(place.at, place.id),
            limit=limit + 1,
        )
        page = found[:limit]
        return Page(
            items=[EntryShown.of(entry) for entry in page],
            next_cursor=_behind(page[-1]).write() if len(found) > limit else None,
        )

    async def export(
        self,
        caller: Caller,
        address: ClientAddress,
        *,
        kind: Kind | None = None,
        person_id: PersonId | None = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
    ) -> StreamingResponse:
        """Return all that fits as one JSON object per line, the newest first."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        await self._around.audit.note(_exported(caller, address))
        sought = SoughtEntries(kind, person_id, _seconds(since))
        return StreamingResponse(
            self._lines(sought, _end(until)),
            media_type="application/x-ndjson",
            headers={"content-disposition": 'attachment; filename="audit.ndjson"'},
        )

    async def _lines(self, sought: SoughtEntries, place: EntryCursor) -> AsyncIterator[bytes]:
        while True:
            found = await self._store.listed(
                sought, before=(place.at, place.id), limit=EXPORTED_AT_ONCE
            )
            lines = [EntryShown.of(entry).model_dump_json() + "\n" for entry in found]
            yield "".join(lines).encode()
            if len(found) < EXPORTED_AT_ONCE:
                return
            place = _behind(found[-1])


def _exported(caller: Caller, address: str) -> Act:
    return Act(
        kind=Kind.AUDIT_EXPORTED,
        actor_id=caller.id,
        subject_id=None,
        outcome="done",
        address=address,
        session_id=caller.session_id,
    )


def _seconds(time: AwareDatetime | None) -> float:
    return float("-inf") if time is None else time.timestamp()


def _end(until: AwareDatetime | None) -> EntryCursor:
    """Return the place right before what is at `until` or later."""
    return EntryCursor(float("inf") if until is None else until.timestamp(), 0)


def _behind(entry: Entry) -> EntryCursor:
    return EntryCursor(entry.at, entry.id)
