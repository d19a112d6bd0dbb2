"""Everybody around the messages service, as far as its tests need them.

Rooms, which tells of rooms and members and is asked about them; a gateway, which hears answers and
events; people with their tokens.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from libs.common.bus.interface import Delivery
from libs.common.contracts.events import (
    ANSWER_BATCH,
    EVENT_BATCH,
    HEAD_DIGEST,
    PERSONAL_BATCH,
    SIGNAL_BATCH,
    Personal,
    RoomEvent,
    RoomHead,
    Signal,
    decode_answers,
    decode_events,
    decode_heads,
    decode_personal,
    decode_signals,
)
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import AccessAnswer, AccessRequest
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import Unauthorized
from libs.common.http.people import Caller

PATIENCE_S = 10.0

ALICE = Person(PersonKind.USER, PersonId(UUID(int=1, version=4)), "Alice")
BOB = Person(PersonKind.USER, PersonId(UUID(int=2, version=4)), "Bob")
CHARLIE = Person(PersonKind.USER, PersonId(UUID(int=3, version=4)), "Charlie")
DAVE = Person(PersonKind.USER, PersonId(UUID(int=4, version=4)), "Dave")
EVE = Person(PersonKind.USER, PersonId(UUID(int=5, version=4)), "Eve")
PEOPLE = {person.name: person for person in (ALICE, BOB, CHARLIE, DAVE, EVE)}

LOBBY = RoomId(UUID(int=11, version=4))
CELLAR = RoomId(UUID(int=12, version=4))


class Door:
    """Knows people by their names."""

    async def verify(self, token: str, now: float) -> Caller:
        if token not in PEOPLE:
            raise Unauthorized
        person = PEOPLE[token]
        return Caller(person.id, person.kind, person.name, None, now + 900)


class BackDoor:
    """Knows services by their names."""

    def verify(self, token: str, now: float) -> str:
        return token


class Minter:
    def mint(self, audience: str) -> str:
        return "messages"


@dataclass
class Rooms:
    """Stands in for the rooms service: says who is a member, when asked."""

    kinds: dict[RoomId, RoomKind] = field(default_factory=dict)
    members: dict[RoomId, set[PersonId]] = field(default_factory=dict)
    asked: list[tuple[RoomId, PersonId]] = field(default_factory=list)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    is_away: bool = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.was_asked.set()
        if self.is_away:
            raise httpx.ConnectError("nobody there", request=request)
        asked = AccessRequest.model_validate_json(request.content)
        self.asked += [(asked.room_id, person_id) for person_id in asked.person_ids]
        members = self.members.get(asked.room_id, set())
        answer = AccessAnswer(
            kind=self.kinds.get(asked.room_id),
            state=RoomState.OPEN if asked.room_id in self.kinds else None,
            roles={one: RoomRole.MEMBER for one in asked.person_ids if one in members},
        )
        return httpx.Response(200, content=answer.model_dump_json())


@dataclass
class Heard:
    """Everything that the gateway heard, in order."""

    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    events: list[RoomEvent] = field(default_factory=list)
    personal: list[Personal] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    heads: list[RoomHead] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def on_delivery(self, delivery: Delivery) -> None:
        self.kinds.append(delivery.type)
        match delivery.type:
            case type_ if type_ == ANSWER_BATCH:
                for answer in decode_answers(delivery.body):
                    self.answers.setdefault(answer.ref, []).append(json.loads(answer.frame))
            case type_ if type_ == EVENT_BATCH:
                self.events += decode_events(delivery.body)
            case type_ if type_ == PERSONAL_BATCH:
                self.personal += decode_personal(delivery.body)
            case type_ if type_ == SIGNAL_BATCH:
                self.signals += decode_signals(delivery.body)
            case type_ if type_ == HEAD_DIGEST:
                self.heads += decode_heads(delivery.body)
        self.news.set()

    def frames(self, room_id: RoomId) -> list[dict[str, Any]]:
        return [json.loads(event.frame) for event in self.events if event.room_id == room_id]

    async def until_asked(self, rooms: Rooms) -> None:
        """Wait until rooms was asked about somebody."""
        async with asyncio.timeout(PATIENCE_S):
            await rooms.was_asked.wait()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something was heard."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                self.news.clear()
                await self.news.wait()
