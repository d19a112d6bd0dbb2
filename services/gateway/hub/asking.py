"""What the gateway asks of the messages and presence services over internal HTTP.

Everybody who asks the same kind of question in one turn of the loop shares one call, so a thousand
clients that come back at once cost the messages service a handful of statements.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import Final, Protocol, TypeVar

from pydantic import BaseModel

from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.internal import (
    MAX_SUBJECTS,
    AttachRequest,
    AttachRequests,
    ChosenAnswer,
    EventsAnswer,
    EventsRequest,
    HeadsAnswer,
    HeadsRequest,
    OnlineAnswer,
    OnlineRequest,
    PeopleRequest,
    Range,
    RangeAnswer,
    RoomOnline,
    RoomStanding,
    RoomStandings,
)
from libs.common.contracts.people import ChosenState, Person
from libs.common.errors import ChatError, NotFound, Unavailable
from libs.common.gathering import Gathering
from libs.common.http import deadline
from services.gateway.hub.ranges import Ranges
from services.gateway.settings import GatewaySettings

A = TypeVar("A", bound=BaseModel)

RANGE_LIMIT: Final = 200
"""Events in one answer: small enough to be sent on before the next is asked for."""


def refusal_of(code: str) -> ChatError:
    """Return why somebody may not hear a room, from the code in their standing.

    What passes by itself is told as such, lest a member gives the room up: all else is `not_found`.
    """
    return Unavailable() if code == Unavailable.code else NotFound()


def not_known(room_id: RoomId) -> RoomOnline:
    return RoomOnline(room_id=room_id, person_ids=[], count=0, is_known=False)


class Service(Protocol):
    """The inside of another service; `libs.common.client.InternalClient` is one."""

    async def post(self, path: str, answer: type[A], *, body: BaseModel) -> A:
        """Return the answer.  Raises: ChatError."""
        ...


class Asking:
    """Asks, in time."""

    def __init__(self, messages: Service, presence: Service, *, settings: GatewaySettings) -> None:
        self._messages = messages
        self._presence = presence
        self._timeout_s = settings.ask_timeout_s
        self._online_timeout_s = settings.online_timeout_s
        self._ranges = Ranges(self._events, in_flight=settings.ranges_in_flight)
        self._attach = Gathering(self._attach_all, max_questions=MAX_SUBJECTS)
        self._rooms_of = Gathering(self._rooms_of_all, max_questions=MAX_SUBJECTS)
        self._online = Gathering(self._online_all, max_questions=MAX_SUBJECTS)
        self._chosen = Gathering(self._chosen_all, max_questions=MAX_SUBJECTS)

    async def attach(self, person: Person, room_id: RoomId) -> RoomStanding:
        """Return how somebody stands in a room; its `code` says when they may not hear it.

        Raises: Unavailable, TimedOut.
        """
        asked = AttachRequest(person_id=person.id, room_id=room_id, kind=person.kind)
        return await self._attach.ask(asked)

    async def standings(self, pairs: Sequence[tuple[PersonId, RoomId]]) -> Sequence[RoomStanding]:
        """Return how these members stand in these rooms, at most `MAX_SUBJECTS` of them, in their
        order.  Raises: Unavailable, TimedOut.
        """
        asked = [AttachRequest(person_id=one, room_id=room_id) for one, room_id in pairs]
        return await self._attach_all(asked)

    async def rooms_of(self, person_id: PersonId) -> list[RoomStanding]:
        """Return how somebody stands in all their rooms.  Raises: Unavailable, TimedOut."""
        return await self._rooms_of.ask(person_id)

    async def events(self, room_id: RoomId, after_seq: Seq, limit: int) -> RangeAnswer:
        """Return at most `limit` entries after `after_seq`.

        Raises: NotFound, Unavailable, TimedOut.
        """
        wanted = Range(room_id=room_id, after_seq=after_seq, limit=limit)
        async with deadline.within(self._timeout_s):
            return await self._ranges.read(wanted)

    async def heads(self, room_ids: Sequence[RoomId]) -> dict[RoomId, Seq]:
        """Return how far these rooms' logs go.  Raises: Unavailable, TimedOut."""
        heads: dict[RoomId, Seq] = {}
        left = iter(room_ids)
        while part := list(islice(left, MAX_SUBJECTS)):
            async with deadline.within(self._timeout_s):
                body = HeadsRequest(room_ids=part)
                answer = await self._messages.post("/internal/heads", HeadsAnswer, body=body)
            heads |= answer.heads
        return heads

    async def online(self, room_id: RoomId) -> RoomOnline:
        """Return who is there, which is not known if presence does not say so in time."""
        try:
            async with deadline.within(self._online_timeout_s):
                return await self._online.ask(room_id)
        except ChatError:
            return not_known(room_id)

    async def show(self, room_ids: Sequence[RoomId]) -> None:
        """Have presence tell these rooms who is there, as soon as it knows.

        Raises: Unavailable, TimedOut.
        """
        left = iter(room_ids)
        while part := list(islice(left, MAX_SUBJECTS)):
            async with deadline.within(self._timeout_s):
                body = OnlineRequest(room_ids=part, show=True)
                await self._presence.post("/internal/online", OnlineAnswer, body=body)

    def chosen(self, person_id: PersonId) -> asyncio.Future[ChosenState]:
        """Return what somebody chose to be seen as, soon and without ever failing: it is `online`
        when the presence service does not say so in time.
        """
        return self._chosen.begin(person_id)

    async def _events(self, body: EventsRequest) -> EventsAnswer:
        # Nobody's in particular: several wait for it, each as long as they may.
        with deadline.anew():
            async with deadline.within(self._timeout_s):
                return await self._messages.post("/internal/events", EventsAnswer, body=body)

    async def _attach_all(self, requests: Sequence[AttachRequest]) -> Sequence[RoomStanding]:
        body = AttachRequests(requests=list(requests))
        async with deadline.within(self._timeout_s):
            answer = await self._messages.post("/internal/attach", RoomStandings, body=body)
        return answer.standings

    async def _rooms_of_all(self, people: Sequence[PersonId]) -> Sequence[list[RoomStanding]]:
        body = PeopleRequest(person_ids=list(dict.fromkeys(people)))
        async with deadline.within(self._timeout_s):
            answer = await self._messages.post("/internal/rooms-of", RoomStandings, body=body)
        rooms: dict[PersonId, list[RoomStanding]] = {person_id: [] for person_id in people}
        for standing in answer.standings:
            rooms[standing.person_id].append(standing)
        return [rooms[person_id] for person_id in people]

    async def _online_all(self, rooms: Sequence[RoomId]) -> Sequence[RoomOnline]:
        body = OnlineRequest(room_ids=list(dict.fromkeys(rooms)))
        async with deadline.within(self._online_timeout_s):
            answer = await self._presence.post("/internal/online", OnlineAnswer, body=body)
        there = {room.room_id: room for room in answer.rooms}
        return [there.get(room_id) or not_known(room_id) for room_id in rooms]

    async def _chosen_all(self, people: Sequence[PersonId]) -> Sequence[ChosenState]:
        body = PeopleRequest(person_ids=list(dict.fromkeys(people)))
        chosen: dict[PersonId, ChosenState] = {}
        # Nobody should be kept out because their own state is not known.
        with suppress(ChatError):
            async with deadline.within(self._online_timeout_s):
                answer = await self._presence.post("/internal/chosen", ChosenAnswer, body=body)
            chosen = answer.chosen
        return [chosen.get(person_id, "online") for person_id in people]
