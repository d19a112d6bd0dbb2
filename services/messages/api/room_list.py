"""One's rooms as a list to choose from: what is new in each, the most recently active first."""

from typing import Annotated

from pydantic import BaseModel, Field

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import MessageId, RoomId, Seq
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.contracts.scopes import Scope
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import PEOPLE, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.times import rfc3339, rfc3339_if
from services.messages.core.room_list import read_place, write_place
from services.messages.model.room_list import LastMessage, Listed
from services.messages.store.room_list import RoomListStore

Piece = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]


class LastMessageShown(BaseModel):
    """The newest message that was not deleted; `content` is the beginning of it."""

    id: MessageId
    author: PersonShown
    content: str
    created_at: str


class RoomItem(BaseModel):
    """`unread` and `mentions` are those of `/v1/me/unread`. `people` are all members of a direct
    or group room, the caller too. `last_at`: when something was written last, or the caller came.
    """

    room_id: RoomId
    kind: RoomKind
    state: RoomState
    title: str
    topic: str
    role: RoomRole
    unread: int
    mentions: int
    read_seq: Seq
    head_seq: Seq
    last_at: str
    last_message: LastMessageShown | None
    people: list[PersonShown] | None
    opens_at: str | None
    closes_at: str | None


class RoomListApi:
    def __init__(self, rooms: RoomListStore) -> None:
        self._rooms = rooms

    def endpoint(self) -> Endpoint:
        return Endpoint("GET", "/v1/me/rooms", self.rooms, admits=PEOPLE, scope=Scope.MESSAGES_READ)

    async def rooms(
        self,
        caller: Caller,
        q: Piece = "",
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[RoomItem]:
        """List one's rooms, the most recently active first, with what is unread in each."""
        after = None if cursor is None else read_place(cursor, caller.id)
        found = await self._rooms.page(caller.id, piece=q, after=after, limit=limit + 1)
        page = found[:limit]
        is_last = len(found) <= limit
        return Page(
            items=[item for one in page for item in _items(one)],
            next_cursor=None if is_last else write_place(page[-1].place),
        )


def _items(listed: Listed) -> list[RoomItem]:
    room, member = listed.standing.room, listed.standing.member
    if room is None or member is None or member.role is None:
        return []
    people, last = listed.people, listed.last_message
    return [
        RoomItem(
            room_id=room.id,
            kind=room.kind,
            state=room.state,
            title=room.title,
            topic=room.topic,
            role=member.role,
            unread=listed.standing.unread,
            mentions=listed.standing.mentions,
            read_seq=listed.standing.read_seq,
            head_seq=room.head_seq,
            last_at=rfc3339(listed.last_at),
            last_message=None if last is None else _last(last),
            people=None if people is None else [PersonShown.of(one) for one in people],
            opens_at=rfc3339_if(room.opens_at),
            closes_at=rfc3339_if(room.closes_at),
        )
    ]


def _last(message: LastMessage) -> LastMessageShown:
    return LastMessageShown(
        id=message.id,
        author=PersonShown.of(message.author),
        content=message.content,
        created_at=rfc3339(message.created_at),
    )
