"""Invitations to rooms over HTTP, for whoever holds the link: looked at and accepted.

One that is not good (any more) is the same as one that never was, to everybody.
"""

from uuid import UUID

from libs.common.clock import Clock
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound
from libs.common.http.endpoint import Endpoint, Pace
from libs.common.http.people import Caller
from libs.common.permissions.case import Action
from libs.common.permissions.rules import RoomNotOpen
from services.rooms.api.bodies import RoomShown
from services.rooms.api.entering import let_in
from services.rooms.api.holding import Acting, Holding
from services.rooms.api.invite_bodies import RoomInvitePreview
from services.rooms.api.invites import BY_CODE
from services.rooms.api.people import People
from services.rooms.api.showing import Showing
from services.rooms.core.floods import RoomLocked
from services.rooms.core.invites import hashed, is_good
from services.rooms.core.moderation import Banned, check_not_banned
from services.rooms.core.rules import RoomFull
from services.rooms.settings import RoomsSettings
from services.rooms.store import invites
from services.rooms.store.invites import InviteStore
from services.rooms.store.rooms import RoomStore


class InvitedApi:
    """The endpoints for who is invited; `looks` is the pace at which one may try codes."""

    def __init__(
        self,
        holding: Holding,
        store: InviteStore,
        *,
        rooms: RoomStore,
        people: People,
        showing: Showing,
        looks: Pace,
        settings: RoomsSettings,
        clock: Clock,
    ) -> None:
        self._holding = holding
        self._store = store
        self._rooms = rooms
        self._people = people
        self._showing = showing
        self._looks = looks
        self._settings = settings
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                BY_CODE,
                self.preview,
                scope=Scope.ROOMS_READ,
                errors=(NotFound, Banned),
                pace=self._looks,
            ),
            Endpoint(
                "POST",
                f"{BY_CODE}/accept",
                self.accept,
                scope=Scope.ROOMS_WRITE,
                errors=(NotFound, Banned, RoomNotOpen, RoomLocked, RoomFull),
                pace=self._looks,
            ),
        ]

    async def preview(self, caller: Caller, code: str) -> RoomInvitePreview:
        """Show what an invitation is to."""
        who = await self._people.caller(caller)
        found = await self._store.by_code(hashed(code))
        now = self._clock.now()
        seen = found and await self._rooms.find(found[0].room_id, who.id, now=now)
        if not found or not seen:
            raise NotFound
        invite, maker = found
        check_not_banned(seen, who)
        if not is_good(invite, maker, seen.room, now=now):
            raise NotFound
        return RoomInvitePreview.of(invite, maker, seen)

    async def accept(self, caller: Caller, code: str) -> RoomShown:
        """Come into a room by an invitation; who is in already uses nothing up."""
        found = await self._store.by_code(hashed(code))
        if found is None:
            raise NotFound
        invite_id, room_id = found[0].id, found[0].room_id
        async with self._holding.hold(caller, room_id) as acting:
            if acting.role is None:
                await self._use(acting, invite_id)
        return await self._showing.room(room_id, acting.who)

    async def _use(self, acting: Acting, invite_id: UUID) -> None:
        """Let who acts in by an invitation.

        Raises: NotFound, Banned, RoomNotOpen, RoomLocked, RoomFull.
        """
        held, now = acting.held, acting.now
        check_not_banned(acting.standing, acting.who)
        found = await invites.again(held.connection, invite_id)
        if found is None or not is_good(*found, held.room, now=now):
            raise NotFound
        acting.require(Action.JOIN, is_invited=True)
        await let_in(acting, found[0].role, self._settings)
        await invites.use(held.connection, invite_id, now=now)
