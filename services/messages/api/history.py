"""A room's history: messages in their present state, page by page."""

from typing import Final

from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.scopes import Scope
from libs.common.errors import Forbidden, Invalid, NotFound, Unavailable
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import PEOPLE, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from services.messages.api.access import Access
from services.messages.api.bodies import MessageItem, SeqParameter, item_of
from services.messages.core.cursors import PageOf, read_cursor, write_cursor
from services.messages.model.log import Message
from services.messages.store.messages import MessageStore

Place = tuple[PageOf, int]
"""In which direction to read, and behind which seq."""

END: Final = Seq(2**63 - 1)
"""Behind every message."""

DIRECTIONS: Final = frozenset({PageOf.OLDER_MESSAGES, PageOf.NEWER_MESSAGES})


class HistoryApi:
    """Pages through rooms. Every page is oldest first, whichever way one goes."""

    def __init__(self, messages: MessageStore, access: Access) -> None:
        self._messages = messages
        self._access = access

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}/messages",
                self.history,
                admits=PEOPLE,
                scope=Scope.MESSAGES_READ,
                errors=(NotFound, Forbidden, Unavailable),
            )
        ]

    async def history(
        self,
        caller: Caller,
        room_id: RoomId,
        *,
        cursor: Cursor | None = None,
        before_seq: SeqParameter | None = None,
        after_seq: SeqParameter | None = None,
        around: SeqParameter | None = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Page[MessageItem]:
        """Read a page of messages: the newest, or where one of the parameters says."""
        _check_alone(cursor=cursor, before_seq=before_seq, after_seq=after_seq, around=around)
        place: Place = (PageOf.OLDER_MESSAGES, END)
        if cursor is not None:
            place = read_cursor(cursor, room_id, allowed=DIRECTIONS)
        elif before_seq is not None:
            place = (PageOf.OLDER_MESSAGES, before_seq)
        elif after_seq is not None:
            place = (PageOf.NEWER_MESSAGES, after_seq)
        await self._access.check_reader(caller.person, room_id)
        if around is None:
            messages, next_cursor = await self._page(room_id, place, limit=limit)
        else:
            messages, next_cursor = await self._around(room_id, around, limit=limit)
        items = await self._items(room_id, messages, reader=caller.id)
        return Page(items=items, next_cursor=next_cursor)

    async def _page(
        self, room_id: RoomId, place: Place, *, limit: int
    ) -> tuple[list[Message], str | None]:
        """Return a page and the cursor that goes on in its direction, if there is more."""
        direction, seq = place[0], Seq(place[1])
        if direction is PageOf.NEWER_MESSAGES:
            found = await self._messages.newer(room_id, after=seq, limit=limit + 1)
            messages = found[:limit]
            last = messages[-1:]
        else:
            found = await self._messages.older(room_id, before=seq, limit=limit + 1)
            messages = found[-limit:]
            last = messages[:1]
        if len(found) <= limit:
            return messages, None
        return messages, write_cursor(direction, room_id, last[0].seq)

    async def _around(
        self, room_id: RoomId, seq: int, *, limit: int
    ) -> tuple[list[Message], str | None]:
        """Return messages on both sides of a seq; the cursor goes older."""
        older = (PageOf.OLDER_MESSAGES, seq + 1)
        messages, next_cursor = await self._page(room_id, older, limit=(limit + 1) // 2)
        newer = await self._messages.newer(room_id, after=Seq(seq), limit=limit // 2)
        return messages + newer, next_cursor

    async def _items(
        self, room_id: RoomId, messages: list[Message], *, reader: PersonId
    ) -> list[MessageItem]:
        seqs = [message.seq for message in messages]
        reactions = await self._messages.reactions(room_id, seqs, reader=reader)
        return [item_of(message, reactions.get(message.seq, [])) for message in messages]


def _check_alone(**places: object) -> None:
    """Refuse a request that names more than one place to begin at.  Raises: Invalid."""
    named = [name for name, place in places.items() if place is not None]
    if len(named) > 1:
        raise Invalid(fields=dict.fromkeys(named, "cannot be combined with another place"))
