"""Collects what a person wrote and read, a page at a time, for their own eyes."""

from typing import Final
from uuid import UUID

from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.privacy import ExportAnswer, ExportPart, ExportRequest
from libs.common.erasures import AUTH
from libs.common.errors import Invalid
from libs.common.http.endpoint import Endpoint
from services.messages.store.exporting import ExportingStore, Item

PAGE_MESSAGES: Final = 200
"""Messages in one answer: 3 MB if each is as long as it may be."""

PAGE_REACTIONS: Final = 10_000
"""Reactions of one person in one room; further ones are left out."""

PAGE_REPORTS: Final = 1_000
"""Reports that one person made in one room; further ones are left out."""

AMONG_ROOMS: Final = 2_000
"""Rooms that are looked at for one answer: some 20 ms."""

NOWHERE: Final = RoomId(UUID(int=0))


class ExportApi:
    def __init__(self, store: ExportingStore) -> None:
        self._store = store

    def endpoint(self) -> Endpoint:
        return Endpoint("POST", "/internal/exports", self.export, admits=AUTH, errors=(Invalid,))

    async def export(self, body: ExportRequest) -> ExportAnswer:
        """Return a page of what a person wrote and read.

        A cursor is `room:seq` in the middle of a room and `room` behind one.
        """
        person_id = body.person_id
        room_id, seq = _read(body.cursor)
        if seq is None:
            found, behind = await self._store.next_room(person_id, room_id, among=AMONG_ROOMS)
            if behind is None:
                return ExportAnswer(parts=[], done=1.0)
            if found is None:
                return await self._answer([], str(behind), behind)
            return await self._page(person_id, found, after=Seq(0))
        return await self._page(person_id, room_id, after=seq)

    async def _page(self, person_id: PersonId, room_id: RoomId, *, after: Seq) -> ExportAnswer:
        store = self._store
        messages = await store.messages(person_id, room_id, after=after, limit=PAGE_MESSAGES)
        parts = [("messages", messages)]
        if not after:
            reactions = await store.reactions(person_id, room_id, limit=PAGE_REACTIONS)
            parts.append(("reactions", reactions))
            reports = await store.reports(person_id, room_id, limit=PAGE_REPORTS)
            parts.append(("reports", reports))
            parts.append(("read-positions", await store.read(person_id, room_id)))
        is_whole = len(messages) < PAGE_MESSAGES
        cursor = str(room_id) if is_whole else f"{room_id}:{messages[-1]['seq']}"
        return await self._answer(parts, cursor, room_id)

    async def _answer(
        self, parts: list[tuple[str, list[Item]]], cursor: str, room_id: RoomId
    ) -> ExportAnswer:
        return ExportAnswer(
            parts=[ExportPart(name=name, items=items) for name, items in parts if items],
            next_cursor=cursor,
            done=await self._store.share(room_id),
        )


def _read(cursor: str | None) -> tuple[RoomId, Seq | None]:
    """Return the room and the seq of a cursor.  Raises: Invalid."""
    if cursor is None:
        return NOWHERE, None
    room, _, seq = cursor.partition(":")
    try:
        return RoomId(UUID(room)), Seq(int(seq)) if seq else None
    except ValueError:
        raise Invalid(fields={"cursor": "is not valid"}) from None
