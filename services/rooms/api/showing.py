"""Rooms as answers show them, to those who may know of them."""

from collections.abc import Sequence

from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.rooms import RoomKind
from libs.common.errors import NotFound
from libs.common.permissions.case import Action
from services.rooms.api.bodies import RoomShown
from services.rooms.core.rules import bound, decide
from services.rooms.model import UNTITLED, SeenRoom
from services.rooms.settings import RoomsSettings
from services.rooms.store.guests import GuestStore
from services.rooms.store.members import MemberStore
from services.rooms.store.rooms import RoomStore


class Showing:
    """Reads what answers need beside the room itself."""

    def __init__(
        self,
        rooms: RoomStore,
        members: MemberStore,
        guests: GuestStore,
        *,
        settings: RoomsSettings,
        clock: Clock,
    ) -> None:
        self._rooms = rooms
        self._members = members
        self._guests = guests
        self._settings = settings
        self._clock = clock

    async def seen(self, room_id: RoomId, who: PersonCard, action: Action) -> SeenRoom:
        """Return a room in which somebody may do this.  Raises: NotFound, Forbidden."""
        now = self._clock.now()
        seen = await self._rooms.find(room_id, who.id, now=now)
        if seen is None:
            raise NotFound
        decide(action, seen, who, now=now).require()
        return bound(seen, who)

    async def room(self, room_id: RoomId, who: PersonCard) -> RoomShown:
        """Return a room as somebody sees it.  Raises: NotFound, Forbidden."""
        return await self.one(await self.seen(room_id, who, Action.SEE))

    async def one(self, seen: SeenRoom) -> RoomShown:
        """Return this room, as `rooms` does."""
        return (await self.rooms([seen]))[0]

    async def rooms(self, seen: Sequence[SeenRoom]) -> list[RoomShown]:
        """Return these rooms, those of few people with them all."""
        people = await self._members.of_rooms(
            [one.room.id for one in seen if one.room.kind in UNTITLED]
        )
        doors = await self._guests.doors(
            [one.room.id for one in seen if one.room.kind is RoomKind.GUEST]
        )
        now = self._clock.now()
        return [
            RoomShown.of(
                one,
                people=people.get(one.room.id),
                door=doors.get(one.room.id),
                delete_grace_s=self._settings.delete_grace_s,
                now=now,
            )
            for one in seen
        ]
