"""Rooms that are put away or taken from everybody, and how they come back."""

from typing import Final

from libs.common.contracts.ids import RoomId
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import USERS_AND_BOTS, Caller
from libs.common.permissions.case import Action
from services.rooms.api.bodies import RoomShown
from services.rooms.api.holding import REFUSED, Holding
from services.rooms.api.showing import Showing
from services.rooms.core.rules import decide
from services.rooms.core.schedule import archived, may_come_back, restored, unarchived
from services.rooms.model import SeenRoom
from services.rooms.settings import RoomsSettings
from services.rooms.store.counts import TooManyRooms
from services.rooms.store.writing import TitleTaken

ROOM: Final = "/v1/rooms/{room_id}"


class ArchiveApi:
    """The endpoints around the archive and the end of rooms."""

    def __init__(self, holding: Holding, showing: Showing, *, settings: RoomsSettings) -> None:
        self._holding = holding
        self._showing = showing
        self._settings = settings

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                f"{ROOM}/archive",
                self.archive,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=REFUSED,
            ),
            Endpoint(
                "POST",
                f"{ROOM}/unarchive",
                self.unarchive,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=REFUSED,
            ),
            Endpoint("DELETE", ROOM, self.delete, scope=Scope.ROOMS_WRITE, errors=REFUSED),
            Endpoint(
                "POST",
                f"{ROOM}/restore",
                self.restore,
                scope=Scope.ROOMS_WRITE,
                errors=(*REFUSED, TitleTaken, TooManyRooms),
            ),
        ]

    async def archive(self, caller: Caller, room_id: RoomId) -> RoomShown:
        """Put a room away: closed, and out of the list of public rooms."""
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.ARCHIVE)
            await acting.held.put_away(
                archived(acting.held.room, now=acting.now), actor=acting.person, now=acting.now
            )
            seen = acting.seen
        return await self._showing.one(seen)

    async def unarchive(self, caller: Caller, room_id: RoomId) -> RoomShown:
        """Take a room out of the archive, as it was before."""
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.ARCHIVE)
            await acting.held.put_away(
                unarchived(acting.held.room, now=acting.now), actor=acting.person, now=acting.now
            )
            seen = acting.seen
        return await self._showing.one(seen)

    async def delete(self, caller: Caller, room_id: RoomId) -> None:
        """Delete a room for everybody in it; its owners may restore it for a while."""
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.DELETE_ROOM)
            await acting.held.delete(actor=acting.person, now=acting.now)

    async def restore(self, caller: Caller, room_id: RoomId) -> RoomShown:
        """Bring back a room that was deleted lately, as it was before.

        Whoever may delete it may do so. Direct and group rooms are begun anew instead.
        """
        async with self._holding.hold(caller, room_id, is_deleted=True) as acting:
            held, now = acting.held, acting.now
            room = restored(held.room, now=now)
            grace_s = self._settings.delete_grace_s
            if not may_come_back(held.room, delete_grace_s=grace_s, now=now):
                raise NotFound
            seen = SeenRoom(room, acting.role, is_banned=acting.standing.is_banned)
            if not decide(Action.DELETE_ROOM, seen, acting.who, now=now).is_allowed:
                # To all others it is gone.
                raise NotFound
            await held.restore(
                room, actor=acting.person, max_rooms=self._settings.rooms_per_owner, now=now
            )
            seen = acting.seen
        return await self._showing.one(seen)
