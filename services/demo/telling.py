"""Tells the story to the services: sets the clock to each act's moment and lets it happen.

Acts come in the order of their moments and each is over before the next begins. Only messages of
one moment that answer nothing, and rooms that are read in one moment, go together, so that many of
them cost one transaction.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from libs.common.contracts.commands import (
    AddReaction,
    DeleteMessage,
    EditMessage,
    MarkRead,
    Payload,
    PostMessage,
)
from libs.common.contracts.ids import MessageId, RoomId, Seq
from services.demo.acts import Act, Arrive, Delete, Edit, Enter, Open, Place, React, Read, Say
from services.demo.cast import Cast
from services.demo.clock import StoryClock
from services.demo.people import Figures
from services.demo.script import RoomScript

TO_THE_END: Final = Seq(2**53 - 1)
"""A read cursor never passes the head, so this is the head, wherever it is."""


class Telling:
    """One telling. `owner_token` makes the first who arrives the owner of the server."""

    def __init__(
        self,
        cast: Cast,
        clock: StoryClock,
        *,
        people: Figures,
        rooms: Mapping[str, RoomScript],
        owner_token: str | None,
    ) -> None:
        self._cast = cast
        self._clock = clock
        self._people = people
        self._scripts = rooms
        self._owner_token = owner_token
        self._rooms: dict[str, RoomId] = {}
        self._messages: dict[Place, MessageId] = {}

    async def tell(self, acts: Sequence[Act]) -> None:
        """Let everything happen.  Raises: Refused, ChatError: the story breaks a rule."""
        for moment in moments(acts):
            self._clock.go_to(moment[0].at)
            # In the order of the list: a task takes its place in the queue when it first runs.
            await asyncio.gather(*map(self._do, moment))

    async def _do(self, act: Act) -> None:
        match act:
            case Arrive(who=who):
                token, self._owner_token = self._owner_token, None
                await self._cast.arrive(self._people[who], owner_token=token)
            case Open():
                await self._open(act)
            case Enter(who=who, room=room):
                await self._cast.call(who, "POST", f"/v1/rooms/{self._rooms[room]}/join")
            case Say():
                await self._say(act)
            case Read(who=who, room=room):
                await self._cast.wish(who, self._rooms[room], MarkRead(TO_THE_END))
            case _:
                await self._change(act)

    async def _open(self, act: Open) -> None:
        head = self._scripts[act.room].head
        others = [str(self._cast.id_of(key)) for key in act.members if key != act.who]
        if head["kind"] == "direct":
            made = await self._cast.call(act.who, "POST", "/v1/direct", {"user_ids": others})
        else:
            body = {"kind": head["kind"], "title": head["title"], "topic": head.get("topic", "")}
            made = await self._cast.call(act.who, "POST", "/v1/rooms", body)
            for other in others:
                path = f"/v1/rooms/{made['id']}/members/{other}"
                await self._cast.call(act.who, "PUT", path, {"role": "member"})
        self._rooms[act.room] = RoomId(UUID(made["id"]))

    async def _say(self, act: Say) -> None:
        room, number = act.place
        post = PostMessage(
            self._cast.spelled(act.text),
            reply_to=self._messages[act.answers] if act.answers else None,
        )
        ack = await self._cast.wish(
            act.who, self._rooms[room], post, command_id=f"demo-{room}-{number}"
        )
        self._messages[act.place] = MessageId(UUID(ack["message_id"]))

    async def _change(self, act: Edit | Delete | React) -> None:
        wish = self._wish(act, self._messages[act.place])
        await self._cast.wish(act.who, self._rooms[act.place[0]], wish)

    def _wish(self, act: Edit | Delete | React, message_id: MessageId) -> Payload:
        match act:
            case Edit(text=text):
                return EditMessage(message_id, self._cast.spelled(text))
            case Delete():
                return DeleteMessage(message_id)
            case React(emoji=emoji):
                return AddReaction(message_id, emoji)


def moments(acts: Sequence[Act]) -> Iterator[list[Act]]:
    """Yield the acts in their order, those together that may happen together."""
    together: list[Act] = []
    for act in acts:
        if together and not _may_join(act, together[0]):
            yield together
            together = []
        together.append(act)
    if together:
        yield together


def _may_join(act: Act, first: Act) -> bool:
    """Tell whether neither of two acts, and none between them, needs the other."""
    if act.at != first.at or type(act) is not type(first):
        return False
    answers = [one.answers for one in (act, first) if isinstance(one, Say)]
    return isinstance(act, Read) or answers == [None, None]
