"""Read cursors and unread counts over HTTP."""

from libs.common.contracts.commands import MarkRead
from libs.common.contracts.ids import RoomId, Seq
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound, Unavailable
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import PEOPLE, Caller
from libs.common.permissions.rules import NotMember
from services.messages.api.bodies import ReadCursor, ReadUpTo, Unread, UnreadItem
from services.messages.api.wishes import Wishes
from services.messages.model.rooms import Standing
from services.messages.store.members import MemberStore

MAX_ROOMS = 1_000
"""As many rooms as one person may be in."""


class ReceiptApi:
    """Moves one's read cursor and tells what is unread."""

    def __init__(self, members: MemberStore, wishes: Wishes) -> None:
        self._members = members
        self._wishes = wishes

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "PUT",
                "/v1/rooms/{room_id}/read",
                self.mark_read,
                admits=PEOPLE,
                scope=Scope.MESSAGES_READ,
                errors=(NotFound, NotMember, Unavailable),
            ),
            Endpoint("GET", "/v1/me/unread", self.unread, admits=PEOPLE, scope=Scope.MESSAGES_READ),
        ]

    async def mark_read(self, caller: Caller, room_id: RoomId, read: ReadUpTo) -> ReadCursor:
        """Say that one has read up to a seq; the cursor never goes back nor beyond the head."""
        ack = await self._wishes.send(caller.person, room_id, MarkRead(Seq(read.seq)), key=None)
        # The ack says where this command wanted it; another may have moved it further before.
        standings = await self._members.standings([(caller.id, room_id)])
        return ReadCursor(read_seq=max(ack["read_seq"], *(one.read_seq for one in standings)))

    async def unread(self, caller: Caller) -> Unread:
        """Count what is unread in each of one's rooms, the most recently active first."""
        standings = await self._members.rooms_of([caller.id], limit=MAX_ROOMS)
        return Unread(items=[item for one in standings for item in _items(one)])


def _items(standing: Standing) -> list[UnreadItem]:
    if standing.room is None:
        return []
    return [
        UnreadItem(
            room_id=standing.room.id,
            unread=standing.unread,
            mentions=standing.mentions,
            read_seq=standing.read_seq,
            head_seq=standing.room.head_seq,
        )
    ]
