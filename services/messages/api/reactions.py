"""Reactions over HTTP."""

from libs.common.contracts.commands import AddReaction, RemoveReaction
from libs.common.contracts.ids import MessageId
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import PEOPLE, Caller
from services.messages.api.access import Access
from services.messages.api.bodies import ReactionChanged
from services.messages.api.messages import WRITING
from services.messages.api.wishes import Wishes
from services.messages.core.reactions import TooManyEmoji
from services.messages.store.messages import MessageStore


class ReactionApi:
    """Puts one's emoji on messages and takes them away."""

    def __init__(self, messages: MessageStore, access: Access, wishes: Wishes) -> None:
        self._messages = messages
        self._access = access
        self._wishes = wishes

    def endpoints(self) -> list[Endpoint]:
        path = "/v1/messages/{message_id}/reactions/{emoji}"
        return [
            Endpoint(
                "PUT",
                path,
                self.add,
                admits=PEOPLE,
                scope=Scope.MESSAGES_WRITE,
                errors=(*WRITING, TooManyEmoji),
            ),
            Endpoint(
                "DELETE",
                path,
                self.remove,
                admits=PEOPLE,
                scope=Scope.MESSAGES_WRITE,
                errors=WRITING,
            ),
        ]

    async def add(self, caller: Caller, message_id: MessageId, emoji: str) -> ReactionChanged:
        """Put an emoji on a message."""
        return await self._change(caller, AddReaction(message_id, emoji))

    async def remove(self, caller: Caller, message_id: MessageId, emoji: str) -> ReactionChanged:
        """Take one's emoji away."""
        return await self._change(caller, RemoveReaction(message_id, emoji))

    async def _change(self, caller: Caller, wish: AddReaction | RemoveReaction) -> ReactionChanged:
        message = await self._messages.find(wish.message_id)
        if message is None:
            raise NotFound
        await self._access.check_reader(caller.person, message.room_id)
        ack = await self._wishes.send(caller.person, message.room_id, wish, key=None)
        return ReactionChanged(changed=ack["changed"])
