"""Presence over HTTP: who is there, and what one wants to be seen as.

Only people who share a room, with no block between them, learn anything about each other. About all
others the answer is that they are offline, and it is found in the same way: who is not there, is
blocked, hides, or does not exist, looks the same and takes the same questions. Before the roster is
whole nobody is said to be offline, and no room to be empty.
"""

import asyncio
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from libs.common.clock import Clock
from libs.common.contracts.commands import SetPresence
from libs.common.contracts.ids import PersonId, RoomId
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
from libs.common.http.people import PEOPLE, USERS_AND_BOTS, Caller
from services.presence.api.rooms import RoomsService
from services.presence.api.wishes import Wishes
from services.presence.core.choices import MAX_STATUS_CHARS
from services.presence.core.news import News
from services.presence.core.roster import Roster
from services.presence.core.seen import coarse
from services.presence.model import PLAIN, Chosen, Seen, Shown
from services.presence.settings import PresenceSettings
from services.presence.store import Store

MAX_ASKED: Final = 100

GATEWAYS: Final = frozenset({"gateway"})


class PersonPresence(BaseModel):
    person_id: PersonId
    state: Shown | Literal["unknown"]
    status_text: str | None = None
    last_seen: str | None = None


class PeoplePresence(BaseModel):
    items: list[PersonPresence]


class RoomPresence(BaseModel):
    """Who is in a room now: those who came first, and how many there are in all.

    `count=null`: that is not known yet. `states` has those of them who are not simply online.
    """

    room_id: RoomId
    users: list[PersonId]
    count: int | None
    states: list[PersonPresence]


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
        rooms: RoomsService,
        wishes: Wishes,
        settings: PresenceSettings,
        clock: Clock,
    ) -> None:
        self._roster = roster
        self._news = news
        self._store = store
        self._rooms = rooms
        self._wishes = wishes
        self._settings = settings
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
                admits=PEOPLE,
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
        known = await self._rooms.among(caller.id, user_ids)
        seen = await self._store.last_seen(user_ids)
        return PeoplePresence(
            items=[self._shown(one, seen.get(one), is_known=one in known) for one in user_ids]
        )

    async def of_room(self, caller: Caller, room_id: RoomId) -> RoomPresence:
        """Tell who is in a room now."""
        may_see, hidden = await asyncio.gather(
            self._rooms.may_see(caller.id, room_id), self._rooms.blocked(caller.id)
        )
        if not may_see:
            raise NotFound
        if not self._roster.is_whole:
            return RoomPresence(room_id=room_id, users=[], count=None, states=[])
        # So many more that enough are left without those who are hidden.
        there = self._roster.seen_in(room_id, at_most=self._settings.shown_people + len(hidden))
        left = [one for one in there if one.person_id not in hidden]
        shown = left[: self._settings.shown_people]
        return RoomPresence(
            room_id=room_id,
            users=[one.person_id for one in shown],
            count=self._roster.count_in(room_id) - len(hidden & self._roster.online_in(room_id)),
            states=[_presence_of(one) for one in shown if one.look != PLAIN],
        )

    async def choose(self, caller: Caller, wish: Wish) -> OwnPresence:
        """Set what one is seen as, from now on and on every device."""
        await self._wishes.send(caller.person, SetPresence(wish.state, wish.status_text))
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
        shown = self._roster.seen_in(room_id, at_most=self._settings.shown_people)
        return RoomOnline(
            room_id=room_id,
            person_ids=[seen.person_id for seen in shown],
            count=self._roster.count_in(room_id),
            states=[_online(seen) for seen in shown if seen.look != PLAIN],
        )

    def _shown(
        self, person_id: PersonId, last_seen: float | None, *, is_known: bool
    ) -> PersonPresence:
        there = self._roster.look_of(person_id, self._clock.now())
        if there is not None and is_known:
            return PersonPresence(
                person_id=person_id, state=there.shown, status_text=there.status_text
            )
        if not self._roster.is_whole:
            return PersonPresence(person_id=person_id, state="unknown")
        seen = coarse(last_seen) if is_known else None
        return PersonPresence(person_id=person_id, state=Shown.OFFLINE, last_seen=seen)


def _presence_of(seen: Seen) -> PersonPresence:
    return PersonPresence(
        person_id=seen.person_id, state=seen.look.shown, status_text=seen.look.status_text
    )


def _online(seen: Seen) -> PersonOnline:
    return PersonOnline(
        person_id=seen.person_id,
        state=seen.look.shown.value,
        status_text=seen.look.status_text,
        rev=seen.rev,
    )
