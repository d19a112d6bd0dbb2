"""The log over HTTP: entries as the socket shows them."""

import json

from starlette.responses import Response

from libs.common.contracts.ids import RoomId, Seq
from libs.common.contracts.scopes import Scope
from libs.common.errors import Forbidden, Invalid, NotFound, Unavailable
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import PEOPLE, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, json_response
from services.messages.api.access import Access
from services.messages.api.bodies import SeqParameter
from services.messages.core.cursors import PageOf, read_cursor, write_cursor
from services.messages.core.frames import frame
from services.messages.store.entries import EntryStore

ENTRIES = frozenset({PageOf.ENTRIES})


class EntryApi:
    """Pages through a room's log, oldest first."""

    def __init__(self, entries: EntryStore, access: Access) -> None:
        self._entries = entries
        self._access = access

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}/events",
                self.events,
                admits=PEOPLE,
                scope=Scope.MESSAGES_READ,
                errors=(NotFound, Forbidden, Unavailable),
            )
        ]

    async def events(
        self,
        caller: Caller,
        room_id: RoomId,
        *,
        cursor: Cursor | None = None,
        after_seq: SeqParameter | None = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Response:
        """Read entries of a room's log: the very frames that the socket sends."""
        if cursor is not None and after_seq is not None:
            raise Invalid(fields={"after_seq": "cannot be combined with cursor"})
        after = after_seq or 0
        if cursor is not None:
            _, after = read_cursor(cursor, room_id, allowed=ENTRIES)
        await self._access.check_reader(caller.person, room_id)
        found = await self._entries.after(room_id, Seq(after), limit=limit)
        if found is None:
            raise NotFound
        room, entries = found
        next_cursor = None
        if entries and entries[-1].seq < room.head_seq:
            next_cursor = write_cursor(PageOf.ENTRIES, room_id, entries[-1].seq)
        about = {
            "next_cursor": next_cursor, "epoch": room.epoch, "head_seq": room.head_seq
        }  # fmt: skip
        frames = b",".join(frame(entry).encode() for entry in entries)
        body = b'{"items":[' + frames + b"]," + json.dumps(about).encode()[1:]
        return json_response(body, status=200)
