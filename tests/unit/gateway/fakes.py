"""The other services as a gateway sees them: a log in memory, a roster, the ended sessions."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from libs.common.contracts.events import RoomEvent
from libs.common.contracts.ids import Epoch, PersonId, RoomId, Seq, SessionId
from libs.common.contracts.internal import (
    AttachRequests,
    BlocksAnswer,
    ChosenAnswer,
    EventsAnswer,
    EventsRequest,
    HeadsAnswer,
    HeadsRequest,
    OnlineAnswer,
    OnlineRequest,
    PeopleRequest,
    PersonOnline,
    Range,
    RangeAnswer,
    RevocationsAnswer,
    RevokedSession,
    RoomOnline,
    RoomStanding,
    RoomStandings,
)
from libs.common.contracts.people import ChosenState, Person, PersonKind, RoomRole
from libs.common.errors import Unavailable

A = TypeVar("A", bound=BaseModel)

ALICE = Person(PersonKind.USER, PersonId(UUID(int=1, version=4)), "Alice")
BOB = Person(PersonKind.USER, PersonId(UUID(int=2, version=4)), "Bob")
CHARLIE = Person(PersonKind.USER, PersonId(UUID(int=3, version=4)), "Charlie")

LOBBY = RoomId(UUID(int=11, version=4))
ATTIC = RoomId(UUID(int=12, version=4))

FIRST_EPOCH = Epoch("epoch-1")


def event_frame(room_id: RoomId, seq: int, text: str = "hello") -> str:
    """Return what the owner of a log writes once for all."""
    return json.dumps({"type": "message", "room_id": str(room_id), "seq": seq, "data": text})


def event(
    seq: int,
    *,
    room_id: RoomId = LOBBY,
    text: str = "hello",
    detach: str | None = None,
    reason: str | None = None,
) -> RoomEvent:
    return RoomEvent(room_id, Seq(seq), event_frame(room_id, seq, text).encode(), detach, reason)


@dataclass
class Log:
    """One room in the messages service. Alice owns it and Bob is in it.

    Of those in `doubts` it does not know at the moment whether they may hear it.
    """

    room_id: RoomId
    is_public: bool = False
    epoch: Epoch = FIRST_EPOCH
    first_available: int = 1
    members: dict[PersonId, RoomRole] = field(
        default_factory=lambda: {ALICE.id: RoomRole.OWNER, BOB.id: RoomRole.MEMBER}
    )
    events: list[RoomEvent] = field(default_factory=list)
    doubts: set[PersonId] = field(default_factory=set)

    @property
    def head(self) -> Seq:
        return self.events[-1].seq if self.events else Seq(0)

    def add(
        self, text: str = "hello", *, detach: str | None = None, reason: str | None = None
    ) -> RoomEvent:
        """Append an entry and return it as the bus would carry it."""
        added = event(self.head + 1, room_id=self.room_id, text=text, detach=detach, reason=reason)
        self.events.append(added)
        return added

    def fill(self, number: int) -> list[RoomEvent]:
        return [self.add() for _ in range(number)]

    def standing(self, person_id: PersonId) -> RoomStanding:
        if person_id in self.doubts:
            return RoomStanding(person_id=person_id, room_id=self.room_id, code="unavailable")
        role = self.members.get(person_id)
        if role is None and not self.is_public:
            return RoomStanding(person_id=person_id, room_id=self.room_id, code="not_found")
        return RoomStanding(
            person_id=person_id,
            room_id=self.room_id,
            epoch=self.epoch,
            head_seq=self.head,
            role=role,
        )

    def range(self, asked: Range) -> RangeAnswer:
        after = max(asked.after_seq, self.first_available - 1)
        found = [entry for entry in self.events if entry.seq > after][: asked.limit]
        return RangeAnswer(
            events=[(one.seq, one.frame.decode(), one.detach, one.reason) for one in found],
            epoch=self.epoch,
            head_seq=self.head,
            first_available_seq=Seq(self.first_available),
        )


class FakeMessages:
    """Answers as the messages service; `calls` remembers what it was asked.

    `is_down` makes every call fail. A gate in `gates` holds the calls of one path until it is set.
    """

    def __init__(self) -> None:
        self.logs: dict[RoomId, Log] = {}
        self.calls: list[tuple[str, BaseModel]] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.is_down = False

    def log(self, room_id: RoomId = LOBBY, *, is_public: bool = False) -> Log:
        return self.logs.setdefault(room_id, Log(room_id, is_public=is_public))

    def asked(self, path: str) -> list[Any]:
        """Return the bodies of the calls to one path."""
        return [body for called, body in self.calls if called == path]

    async def post(self, path: str, answer: type[A], *, body: BaseModel) -> A:
        self.calls.append((path, body))
        if path in self.gates:
            await self.gates[path].wait()
        if self.is_down:
            raise Unavailable
        found = self._answer(body)
        assert isinstance(found, answer)
        return found

    def _answer(self, body: BaseModel) -> BaseModel:
        match body:
            case AttachRequests(requests=requests):
                return RoomStandings(
                    standings=[self._standing(one.person_id, one.room_id) for one in requests]
                )
            case PeopleRequest(person_ids=people):
                return RoomStandings(
                    standings=[
                        log.standing(one)
                        for one in people
                        for log in self.logs.values()
                        if one in log.members
                    ]
                )
            case EventsRequest():
                return self._ranges(body)
            case HeadsRequest(room_ids=rooms):
                return HeadsAnswer(heads={room_id: self.log(room_id).head for room_id in rooms})
            case _:
                raise AssertionError(f"messages was asked for {body}")

    def _ranges(self, asked: EventsRequest) -> EventsAnswer:
        first = self.log(asked.room_id).range(asked)
        more = [self.log(one.room_id).range(one) for one in asked.more]
        return EventsAnswer(**dict(first), more=[*more])

    def _standing(self, person_id: PersonId, room_id: RoomId) -> RoomStanding:
        log = self.logs.get(room_id)
        if log is None:
            return RoomStanding(person_id=person_id, room_id=room_id, code="not_found")
        return log.standing(person_id)


class FakePresence:
    """Answers as the presence service: who is there, and what people want to be seen as.

    `is_down` makes every call fail; a `gate` holds them until it is set. `is_whole=False`: it has
    just started. `shown` are the rooms that it was asked to tell who is there, call by call.
    """

    def __init__(self) -> None:
        self.is_whole = True
        self.shown: list[list[RoomId]] = []
        self.states: dict[PersonId, PersonOnline] = {}
        self.online: dict[RoomId, list[PersonId]] = {}
        self.chosen: dict[PersonId, ChosenState] = {}
        self.calls: list[str] = []
        self.is_down = False
        self.gate: asyncio.Event | None = None

    async def post(self, path: str, answer: type[A], *, body: BaseModel) -> A:
        self.calls.append(path)
        if self.gate is not None:
            await self.gate.wait()
        if self.is_down:
            raise Unavailable
        found = self._answer(body)
        assert isinstance(found, answer)
        return found

    def _answer(self, body: BaseModel) -> BaseModel:
        match body:
            case OnlineRequest(room_ids=rooms, show=True):
                self.shown.append(rooms)
                return OnlineAnswer(rooms=[])
            case OnlineRequest(room_ids=rooms):
                return OnlineAnswer(rooms=[self._room(room_id) for room_id in rooms])
            case PeopleRequest(person_ids=people):
                chosen = {one: self.chosen[one] for one in people if one in self.chosen}
                return ChosenAnswer(chosen=chosen)
            case _:
                raise AssertionError(f"presence was asked for {body}")

    def _room(self, room_id: RoomId) -> RoomOnline:
        people = self.online.get(room_id, [])
        if not self.is_whole:
            return RoomOnline(room_id=room_id, person_ids=[], count=0, is_known=False)
        states = [self.states[one] for one in people if one in self.states]
        return RoomOnline(room_id=room_id, person_ids=people, count=len(people), states=states)


class FakeRooms:
    """Answers as the rooms service: who has blocked whom. A `gate` holds its answers."""

    def __init__(self) -> None:
        self.blocks: dict[PersonId, list[PersonId]] = {}
        self.asked: list[list[PersonId]] = []
        self.is_down = False
        self.gate: asyncio.Event | None = None

    async def post(self, path: str, answer: type[A], *, body: BaseModel) -> A:
        assert path == "/internal/blocks"
        assert isinstance(body, PeopleRequest)
        self.asked.append(body.person_ids)
        blocks = {one: self.blocks[one] for one in body.person_ids if one in self.blocks}
        if self.gate is not None:
            await self.gate.wait()
        if self.is_down:
            raise Unavailable
        found = BlocksAnswer(blocks=blocks)
        assert isinstance(found, answer)
        return found


class FakeAuth:
    def __init__(self) -> None:
        self.ended: dict[SessionId, float] = {}
        self.calls = 0
        self.is_down = False

    async def post(self, path: str, answer: type[A], *, body: BaseModel) -> A:
        self.calls += 1
        if self.is_down:
            raise Unavailable
        found = RevocationsAnswer(
            sessions=[
                RevokedSession(session_id=one, until=until) for one, until in self.ended.items()
            ]
        )
        assert isinstance(found, answer)
        return found


class Counted:
    """A function without arguments that counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1
