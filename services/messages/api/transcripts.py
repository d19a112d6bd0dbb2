"""Transcripts: all that was said in a room, as a file for whoever looks after it.

It is read and sent a page at a time, so a room of any length takes the memory of one page. It ends
where the log ended when it was asked for, or says that it was cut off: nobody gets a further page
who by then may not take it.
"""

from collections.abc import AsyncIterator
from typing import Final

import structlog
from starlette.responses import StreamingResponse

from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId, Seq
from libs.common.contracts.people import Person
from libs.common.contracts.scopes import Scope
from libs.common.errors import ChatError, Forbidden, NotFound, TooMany, Unavailable
from libs.common.http.endpoint import Endpoint, Pace
from libs.common.http.people import PEOPLE, Caller
from libs.common.permissions.case import Action
from libs.common.permissions.rules import NotMember
from services.messages.api.access import Access
from services.messages.core.transcript import (
    Format,
    cut_off,
    file_name,
    heading,
    json_line,
    text_line,
)
from services.messages.model.log import Message
from services.messages.model.rooms import Room
from services.messages.store.messages import MessageStore

log = structlog.get_logger()

PAGE: Final = 200
"""Messages that are read at once: 3 MB if each is as long as it may be."""

MEDIA: Final = {
    Format.TEXT: "text/plain; charset=utf-8",
    Format.JSON: "application/x-ndjson",
}


class TranscriptApi:
    """`pace` bounds how often one person may take one."""

    def __init__(self, messages: MessageStore, access: Access, *, pace: Pace, clock: Clock) -> None:
        self._messages = messages
        self._access = access
        self._pace = pace
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}/transcript",
                self.take,
                admits=PEOPLE,
                scope=Scope.MESSAGES_READ,
                errors=(NotFound, Forbidden, NotMember, TooMany, Unavailable),
                gives=MEDIA[Format.JSON],
                pace=self._pace,
            )
        ]

    async def take(
        self,
        caller: Caller,
        room_id: RoomId,
        *,
        format: Format = Format.TEXT,  # noqa: A002 - the parameter's name
    ) -> StreamingResponse:
        """Return all that was said and not deleted: a text, or one JSON object per line."""
        room = await self._access.check(caller.person, room_id, Action.TAKE_TRANSCRIPT)
        now = self._clock.now()
        name = file_name(room, format, now=now)
        return StreamingResponse(
            self._lines(caller.person, room, format, now=now),
            media_type=MEDIA[format],
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    async def _lines(
        self, taker: Person, room: Room, fmt: Format, *, now: float
    ) -> AsyncIterator[bytes]:
        line = json_line if fmt is Format.JSON else text_line
        if fmt is Format.TEXT:
            yield heading(room, now=now).encode()
        try:
            async for page in self._pages(taker, room):
                yield "".join(map(line, page)).encode()
        except ChatError as refusal:
            log.info("transcript_cut_off", room_id=str(room.id), code=refusal.code)
            yield cut_off(fmt, refusal.code).encode()

    async def _pages(self, taker: Person, room: Room) -> AsyncIterator[list[Message]]:
        """Yield pages as long as `taker` may take them.  Raises: those of `Access.check`."""
        page = await self._page(room, after=Seq(0))
        while page:
            yield page
            if len(page) < PAGE:
                return
            page = await self._page(room, after=page[-1].seq)
            # After the page was read: one that came out short because the room went is not shown.
            await self._access.check(taker, room.id, Action.TAKE_TRANSCRIPT)

    async def _page(self, room: Room, *, after: Seq) -> list[Message]:
        return await self._messages.kept(room.id, after=after, up_to=room.head_seq, limit=PAGE)
