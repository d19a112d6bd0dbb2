"""One message over HTTP: writing, reading, editing and deleting it."""

from typing import Final
from uuid import UUID

from libs.common.contracts.commands import DeleteMessage, EditMessage, PostMessage
from libs.common.contracts.ids import MessageId, PersonId, RoomId
from libs.common.contracts.scopes import Scope
from libs.common.errors import (
    Conflict,
    Forbidden,
    IdempotencyConflict,
    Invalid,
    NotFound,
    TooMany,
    Unavailable,
)
from libs.common.http.endpoint import Endpoint, IdempotencyKey
from libs.common.http.people import PEOPLE, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page, Reply
from libs.common.permissions.rules import Muted, NotMember, RoomNotOpen, RoomReadOnly
from services.messages.api.access import Access
from services.messages.api.bodies import (
    NewContent,
    NewMessage,
    OneMessage,
    VersionItem,
    item_of,
    version_of,
)
from services.messages.api.wishes import Wishes
from services.messages.core.cursors import PageOf, read_cursor, write_cursor
from services.messages.core.pace import SlowMode
from services.messages.model.log import Message
from services.messages.store.messages import MessageStore

READING: Final = (NotFound, Forbidden, Unavailable)

PAST: Final = frozenset({PageOf.PAST_VERSIONS})

WRITING: Final = (*READING, NotMember, RoomReadOnly, RoomNotOpen, Muted, IdempotencyConflict)
"""What everybody who writes may be refused with."""


class MessageApi:
    """Acts on single messages, for those who may see them."""

    def __init__(self, messages: MessageStore, access: Access, wishes: Wishes) -> None:
        self._messages = messages
        self._access = access
        self._wishes = wishes

    def endpoints(self) -> list[Endpoint]:
        message = "/v1/messages/{message_id}"
        return [
            Endpoint(
                "POST",
                "/v1/rooms/{room_id}/messages",
                self.post,
                status=201,
                also=(200,),
                admits=PEOPLE,
                scope=Scope.MESSAGES_WRITE,
                errors=(*WRITING, TooMany, SlowMode),
            ),
            Endpoint(
                "GET", message, self.read, admits=PEOPLE, scope=Scope.MESSAGES_READ, errors=READING
            ),
            Endpoint(
                "PATCH",
                message,
                self.edit,
                admits=PEOPLE,
                scope=Scope.MESSAGES_WRITE,
                errors=(*WRITING, Conflict),
            ),
            Endpoint(
                "DELETE",
                message,
                self.delete,
                admits=PEOPLE,
                scope=Scope.MESSAGES_WRITE,
                errors=WRITING,
            ),
            Endpoint(
                "GET",
                f"{message}/edits",
                self.past,
                admits=PEOPLE,
                scope=Scope.MESSAGES_READ,
                errors=READING,
            ),
        ]

    async def post(
        self, caller: Caller, room_id: RoomId, new: NewMessage, key: IdempotencyKey | None
    ) -> Reply[OneMessage]:
        """Write a message; the same `client_msg_id` again answers 200 with the first one."""
        ack = await self._wishes.send(
            caller.person,
            room_id,
            PostMessage(new.content, new.reply_to, new.thread_root),
            key=_client_msg_id(new, key),
        )
        message = await self._find(MessageId(UUID(ack["message_id"])))
        shown = await self._shown(message, reader=caller.id)
        return Reply(shown, status=200 if ack["duplicate"] else 201)

    async def read(self, caller: Caller, message_id: MessageId) -> OneMessage:
        """Read one message."""
        message = await self._find_for(caller, message_id)
        return await self._shown(message, reader=caller.id)

    async def edit(
        self, caller: Caller, message_id: MessageId, new: NewContent, key: IdempotencyKey | None
    ) -> OneMessage:
        """Give one's message another content."""
        message = await self._find_for(caller, message_id)
        wish = EditMessage(message_id, new.content, new.expected_rev)
        await self._wishes.send(caller.person, message.room_id, wish, key=key)
        return await self._shown(await self._find(message_id), reader=caller.id)

    async def delete(
        self, caller: Caller, message_id: MessageId, key: IdempotencyKey | None
    ) -> None:
        """Delete a message for everybody and for good."""
        message = await self._find_for(caller, message_id)
        await self._wishes.send(caller.person, message.room_id, DeleteMessage(message_id), key=key)

    async def past(
        self,
        caller: Caller,
        message_id: MessageId,
        *,
        cursor: Cursor | None = None,
        limit: Limit = DEFAULT_LIMIT,
    ) -> Page[VersionItem]:
        """Read what a message said before its edits, oldest first."""
        after_rev = 0
        if cursor is not None:
            _, after_rev = read_cursor(cursor, message_id, allowed=PAST)
        message = await self._find_for(caller, message_id)
        found = await self._messages.past(
            message.room_id, message.seq, after_rev=after_rev, limit=limit + 1
        )
        versions = found[:limit]
        next_cursor = None
        if len(found) > limit:
            next_cursor = write_cursor(PageOf.PAST_VERSIONS, message_id, versions[-1].rev)
        return Page(items=[version_of(one) for one in versions], next_cursor=next_cursor)

    async def _find_for(self, caller: Caller, message_id: MessageId) -> Message:
        """Return a message that the caller may see.

        Raises: NotFound, Forbidden, Unavailable.
        """
        message = await self._find(message_id)
        await self._access.check_reader(caller.person, message.room_id)
        return message

    async def _find(self, message_id: MessageId) -> Message:
        message = await self._messages.find(message_id)
        if message is None:
            raise NotFound
        return message

    async def _shown(self, message: Message, *, reader: PersonId) -> OneMessage:
        reactions = await self._messages.reactions(message.room_id, [message.seq], reader=reader)
        return OneMessage(message=item_of(message, reactions.get(message.seq, [])))


def _client_msg_id(new: NewMessage, key: IdempotencyKey | None) -> str:
    """Return what makes the message unique: from the body or the header.  Raises: Invalid."""
    given = {one for one in (new.client_msg_id, key) if one is not None}
    if len(given) != 1:
        reason = "is required" if not given else "must be the same as Idempotency-Key"
        raise Invalid(fields={"client_msg_id": reason})
    return given.pop()
