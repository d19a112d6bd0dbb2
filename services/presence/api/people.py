"""Presence over HTTP: who is there, and what one wants to be seen as.

Only people who share a room learn anything about each other; about all others the answer is that
they are offline, which it would be for nobody too. Before the roster is whole nobody is said to be
offline, and no room to be empty.
"""

from functools import partial
from typing import Annotated, Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from libs.common import tracing
from libs.common.bus.asking import Asker, read_answer
from libs.common.bus.topology import person_command_key
from libs.common.clock import Clock
from libs.common.contracts.commands import Command, SetPresence, kind_of, write_payload
from libs.common.contracts.ids import CommandId, ConnectionId, PersonId, RoomId
from libs.common.contracts.internal import (
    ChosenAnswer,
    OnlineAnswer,
    OnlineRequest,
    PeopleRequest,
    PersonOnline,
    RoomOnline,
)
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import USERS_AND_BOTS, Caller
from libs.common.times import rfc3339
from services.presence.core.choices import MAX_STATUS_CHARS
from services.presence.core.news import News
from services.presence.core.roster import Roster
from services.presence.model import PLAIN, Chosen, Seen, Shown
from services.presence.settings import PresenceSettings
from services.presence.store import Store

MAX_ASKED: Final = 100

GATEWAYS: Final = frozenset({"gateway"})


class Acquaintances(Protocol):
    """What presence must know from the rooms service."""

    async def among(self, person_id: PersonId, others: list[PersonId]) -> set[PersonId]:
        """Return which of `others` share a room with the person.  Raises: Unavailable."""
        ...

    async def may_see(self, person_id: PersonId, room_id: RoomId) -> bool:
        """Tell whether the person is a member, or the room is public.  Raises: Unavailable."""
        ...


class PersonPresence(BaseModel):
    person_id: PersonId
    state: Shown | Literal["unknown"]
    status_text: str | None = None
    last_seen: str | None = None


class PeoplePresence(BaseModel):
    items: list[PersonPresence]


class RoomPresence(BaseModel):
    """Who is in a room now: the first of them by id, and how many there are in all.

    `count=null`: that is not known yet.
    """

    room_id: RoomId
    users: list[PersonId]
    count: int | None


class Wish(BaseModel):
    """What one wants to be seen as."""

    model_config = ConfigDict(extra="forbid")

    state: Chosen
    status_text: Annotated[str, Field(max_length=MAX_STATUS_CHARS)] | None = None


class OwnPresence(BaseModel):
    state: Chosen
    status_text: str | None = None


class PresenceApi:
    """Answers people; `online` and `chosen` answer gateways."""

    def __init__(
        self,
        *,
        roster: Roster,
        news: News,
        store: Store,
        acquaintances: Acquaintances,
        asker: Asker,
        settings: PresenceSettings,
        shards: int,
        clock: Clock,
    ) -> None:
        self._roster = roster
        self._news = news
        self._store = store
        self._acquaintances = acquaintances
        self._asker = asker
        self._settings = settings
        self._shards = shards
        self._clock = clock

    def public(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET", "/v1/presence", self.of_people, admits=USERS_AND_BOTS, scope=Scope.PRESENCE
            ),
            Endpoint(
                "PUT", "/v1/presence", self.choose, admits=USERS_AND_BOTS, scope=Scope.PRESENCE
            ),
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}/presence",
                self.of_room,
                admits=USERS_AND_BOTS,
                scope=Scope.PRESENCE,
                errors=(NotFound,),
            ),
        ]

    def internal(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/internal/online", self.online, admits=GATEWAYS),
            Endpoint("POST", "/internal/chosen", self.chosen, admits=GATEWAYS),
        ]

    async def of_people(
        self,
        caller: Caller,
        user_ids: Annotated[list[PersonId], Field(min_length=1, max_length=MAX_ASKED)],
    ) -> PeoplePresence:
        """Tell who of these people is there, in the order asked for."""
        known = await self._acquaintances.among(caller.id, user_ids)
        seen = await self._store.last_seen([one for one in user_ids if one in known])
        return PeoplePresence(
            items=[self._shown(one, seen.get(one), is_known=one in known) for one in user_ids]
        )

    async def of_room(self, caller: Caller, room_id: RoomId) -> RoomPresence:
        """Tell who is in a room now."""
        if not await self._acquaintances.may_see(caller.id, room_id):
            raise NotFound
        there = self._room_online(room_id)
        count = there.count if there.is_known else None
        return RoomPresence(room_id=room_id, users=there.person_ids, count=count)

    async def choose(self, caller: Caller, wish: Wish) -> OwnPresence:
        """Set what one is seen as, from now on and on every device."""
        answer = await self._asker.ask(
            person_command_key(caller.id, self._shards),
            partial(self._command, caller, SetPresence(wish.state, wish.status_text)),
            timeout_s=self._settings.answer_timeout_s,
        )
        read_answer(answer)
        return OwnPresence(state=wish.state, status_text=wish.status_text)

    async def online(self, asked: OnlineRequest) -> OnlineAnswer:
        """Tell gateways who is in these rooms now, or tell the rooms themselves."""
        if asked.show:
            self._news.show(asked.room_ids)
            return OnlineAnswer(rooms=[])
        return OnlineAnswer(rooms=[self._room_online(room_id) for room_id in asked.room_ids])

    async def chosen(self, asked: PeopleRequest) -> ChosenAnswer:
        """Tell gateways what people chose, each for their own eyes."""
        chosen = self._roster.chosen(asked.person_ids)
        return ChosenAnswer(chosen={one: state.value for one, state in chosen.items()})

    def _room_online(self, room_id: RoomId) -> RoomOnline:
        if not self._roster.is_whole:
            return RoomOnline(room_id=room_id, person_ids=[], count=0, is_known=False)
        people = self._roster.seen_in(room_id)
        shown = people[: self._settings.shown_people]
        return RoomOnline(
            room_id=room_id,
            person_ids=[seen.person_id for seen in shown],
            count=len(people),
            states=[_online(seen) for seen in shown if seen.look != PLAIN],
        )

    def _shown(
        self, person_id: PersonId, last_seen: float | None, *, is_known: bool
    ) -> PersonPresence:
        there = self._roster.look_of(person_id, self._clock.now()) if is_known else None
        if there is not None:
            return PersonPresence(
                person_id=person_id, state=there.shown, status_text=there.status_text
            )
        if not self._roster.is_whole:
            return PersonPresence(person_id=person_id, state="unknown")
        seen = None if last_seen is None else rfc3339(last_seen)
        return PersonPresence(person_id=person_id, state=Shown.OFFLINE, last_seen=seen)

    def _command(
        self, caller: Caller, wish: SetPresence, origin: str, connection: ConnectionId, ref: str
    ) -> Command:
        trace = tracing.current()
        return Command(
            kind=kind_of(wish),
            subject=caller.id,
            actor=caller.person,
            command_id=CommandId(ref),
            ref=ref,
            origin=origin,
            connection=connection,
            request_id=trace.request_id if trace else "",
            traceparent=trace.traceparent if trace else "",
            deadline=self._clock.now() + self._settings.answer_timeout_s,
            payload=write_payload(wish),
        )


def _online(seen: Seen) -> PersonOnline:
    return PersonOnline(
        person_id=seen.person_id,
        state=seen.look.shown.value,
        status_text=seen.look.status_text,
        rev=seen.rev,
    )
