"""Direct and group rooms over HTTP: one room for each set of people."""

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.rooms import RoomState
from libs.common.contracts.scopes import Scope
from libs.common.errors import TooMany
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import Reply
from libs.common.permissions.rules import Blocked
from services.rooms.api.bodies import DirectPeople, RoomShown
from services.rooms.api.people import People
from services.rooms.api.showing import Showing
from services.rooms.core.rules import (
    PersonNotFound,
    direct_key,
    direct_kind,
    exactly,
    person_of,
)
from services.rooms.model import Room
from services.rooms.settings import RoomsSettings
from services.rooms.store.counts import TooManyRooms
from services.rooms.store.founding import Founding


class DirectApi:
    """The endpoint of direct rooms."""

    def __init__(
        self,
        founding: Founding,
        people: People,
        *,
        showing: Showing,
        settings: RoomsSettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._founding = founding
        self._people = people
        self._showing = showing
        self._settings = settings
        self._clock = clock
        self._chance = chance

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/v1/direct",
                self.open,
                status=201,
                also=(200,),
                scope=Scope.ROOMS_WRITE,
                errors=(PersonNotFound, TooManyRooms, TooMany, Blocked),
            )
        ]

    async def open(self, caller: Caller, body: DirectPeople) -> Reply[RoomShown]:
        """Find the one room of exactly these people, or make it.

        Two people of whom one has blocked the other keep the room that they have, to read it.
        """
        max_people = self._settings.people_per_group
        ids = exactly(caller.id, body.user_ids, max_people=max_people)
        who = await self._people.caller(caller)
        others = await self._people.all_of([one for one in ids if one != who.id])
        room_id, is_new = await self._founding.direct(
            self._new(who.id, ids),
            direct_key(ids),
            [person_of(card) for card in (who, *others)],
            actor=person_of(who),
            max_rooms=self._settings.direct_per_person,
            max_per_hour=self._settings.direct_per_hour,
        )
        shown = await self._showing.room(room_id, who)
        return Reply(shown, status=201 if is_new else 200)

    def _new(self, beginner: PersonId, people: list[PersonId]) -> Room:
        now = self._clock.now()
        return Room(
            id=RoomId(self._chance.new_id()),
            kind=direct_kind(people),
            state=RoomState.OPEN,
            title="",
            title_key="",
            topic="",
            slow_mode_s=0,
            owner_id=beginner,
            version=0,
            member_count=0,
            created_at=now,
            updated_at=now,
        )
