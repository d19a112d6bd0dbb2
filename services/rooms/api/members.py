"""Memberships over HTTP: come in, go, take in, put out, give roles.

Everything is decided under the room's lock, so two changes at once never both count on what the
other takes away.
"""

from dataclasses import replace
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import Departure
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound, TooMany
from libs.common.http.endpoint import Endpoint, Pace
from libs.common.http.people import PEOPLE, USERS_AND_BOTS, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.permissions.case import Action
from libs.common.permissions.decide import LastOwner
from libs.common.permissions.rules import Blocked, RoomNotOpen
from services.rooms.api.bodies import Heir, MemberShown, NewRole, Piece, RoomShown
from services.rooms.api.entering import let_in
from services.rooms.api.holding import REFUSED, Acting, Holding
from services.rooms.api.people import People
from services.rooms.api.showing import Showing
from services.rooms.core.cursors import MemberCursor, read_cursor, write_cursor
from services.rooms.core.floods import RoomLocked
from services.rooms.core.moderation import Banned
from services.rooms.core.rules import RoomFull, check_room_left, decide, person_of
from services.rooms.settings import RoomsSettings
from services.rooms.store.blocks import check_none_between
from services.rooms.store.counts import TooManyRooms
from services.rooms.store.members import MemberStore
from services.rooms.store.writing import TitleTaken

ROOM: Final = "/v1/rooms/{room_id}"
MEMBER: Final = f"{ROOM}/members/{{user_id}}"

KEPT: Final = (*REFUSED, LastOwner, TitleTaken)


class MembersApi:
    """The endpoints around memberships."""

    def __init__(
        self,
        holding: Holding,
        members: MemberStore,
        *,
        people: People,
        showing: Showing,
        joins: Pace,
        settings: RoomsSettings,
        clock: Clock,
    ) -> None:
        self._holding = holding
        self._members = members
        self._people = people
        self._showing = showing
        self._joins = joins
        self._settings = settings
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [*self._of_ones_own(), *self._of_others()]

    def _of_ones_own(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                f"{ROOM}/join",
                self.join,
                scope=Scope.ROOMS_WRITE,
                errors=(*REFUSED, RoomNotOpen, RoomLocked, RoomFull, TooMany),
            ),
            Endpoint(
                "POST",
                f"{ROOM}/leave",
                self.leave,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=KEPT,
            ),
            Endpoint(
                "POST",
                f"{ROOM}/transfer",
                self.transfer,
                scope=Scope.ROOMS_WRITE,
                errors=(*REFUSED, TitleTaken, TooManyRooms),
            ),
        ]

    def _of_others(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                f"{ROOM}/members",
                self.list,
                admits=PEOPLE,
                scope=Scope.ROOMS_READ,
                errors=(NotFound,),
            ),
            Endpoint(
                "PUT",
                MEMBER,
                self.put,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=(*KEPT, RoomFull, Banned, Blocked),
            ),
            Endpoint(
                "DELETE",
                MEMBER,
                self.remove,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=KEPT,
            ),
        ]

    async def list(
        self,
        caller: Caller,
        room_id: RoomId,
        *,
        q: Piece = "",
        role: RoomRole | None = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[MemberShown]:
        """List the members of a room, owners first, then by name; `q` is how a name begins."""
        who = await self._people.caller(caller)
        seen = await self._showing.seen(room_id, who, Action.READ)
        after = read_cursor(cursor, first=MemberCursor(room_id))
        found = await self._members.page(
            room_id,
            beginning=q,
            role=role,
            after=(after.place, after.name_key, after.id),
            limit=limit + 1,
        )
        page, more = found[:limit], found[limit:]
        behind = write_cursor(MemberCursor(room_id, *page[-1][1])) if more else None
        now = self._clock.now()
        shows_mute = decide(Action.MUTE, seen, who, now=now).is_allowed
        shown = [MemberShown.of(member, shows_mute=shows_mute, now=now) for member, _ in page]
        return Page(items=shown, next_cursor=behind)

    async def join(self, caller: Caller, room_id: RoomId) -> RoomShown:
        """Become a member of a public room; joining again changes nothing."""
        # Or one who goes in and out would be a flood, which shuts the door to everybody.
        await self._joins.take(f"{room_id} {caller.id}")
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.JOIN)
            if acting.role is None:
                await let_in(acting, RoomRole.MEMBER, self._settings)
        return await self._showing.room(room_id, acting.who)

    async def leave(self, caller: Caller, room_id: RoomId) -> None:
        """End one's own membership."""
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.LEAVE)
            await acting.check_owner_kept(acting.role, new_role=None)
            await acting.held.leave(
                acting.person, Departure.LEFT, actor=acting.person, now=acting.now
            )

    async def put(
        self, caller: Caller, room_id: RoomId, user_id: PersonId, body: NewRole
    ) -> MemberShown:
        """Give a member another role, or take somebody into a private room."""
        card = await self._card(user_id)
        async with self._holding.hold(caller, room_id) as acting:
            held = acting.held
            role = await held.role(user_id)
            action = Action.ADD_MEMBER if role is None else Action.CHANGE_ROLE
            person = person_of(acting.require_on(action, card, role, new_role=body.role))
            if role is None:
                await self._check_may_be_added(acting, user_id)
                check_room_left(held.room, max_members=self._settings.members_per_room)
                await held.enter(person, body.role, actor=acting.person, now=acting.now)
            elif role is not body.role:
                await acting.check_owner_kept(role, new_role=body.role)
                await held.change_role(person, body.role, actor=acting.person, now=acting.now)
            shows_mute = decide(Action.MUTE, acting.seen, acting.who, now=acting.now).is_allowed
            member = await held.member(user_id)
            return MemberShown.of(member, shows_mute=shows_mute, now=acting.now)

    async def remove(self, caller: Caller, room_id: RoomId, user_id: PersonId) -> None:
        """Put a member out of the room."""
        card = await self._card(user_id)
        async with self._holding.hold(caller, room_id) as acting:
            role = await acting.held.role(user_id)
            person = person_of(acting.require_on(Action.REMOVE_MEMBER, card, role))
            await acting.check_owner_kept(role, new_role=None)
            await acting.held.leave(person, Departure.REMOVED, actor=acting.person, now=acting.now)

    async def transfer(self, caller: Caller, room_id: RoomId, body: Heir) -> RoomShown:
        """Make a member the owner in one's place, and stay as an admin."""
        card = await self._card(body.user_id)
        async with self._holding.hold(caller, room_id) as acting:
            held, own_role = acting.held, acting.role
            role = await held.role(body.user_id)
            heir = person_of(acting.require_on(Action.TRANSFER, card, role))
            if role is not RoomRole.OWNER:
                await held.change_role(heir, RoomRole.OWNER, actor=acting.person, now=acting.now)
            await held.hand_over(heir.id, max_rooms=self._settings.rooms_per_owner)
            if own_role is RoomRole.OWNER:
                own_role = RoomRole.ADMIN
                await held.change_role(acting.person, own_role, actor=acting.person, now=acting.now)
            handed = replace(acting.seen, role=own_role)
        return await self._showing.one(handed)

    async def _check_may_be_added(self, acting: Acting, person_id: PersonId) -> None:
        """Refuse to bring in who is banned, or has nothing to do with who brings them.

        Raises: Banned, Blocked.
        """
        held = acting.held
        await check_none_between(held.connection, acting.who.id, [person_id])
        if (await held.standing(person_id, now=acting.now)).is_banned:
            raise Banned("That person is banned from this room. Take the ban back first.")

    async def _card(self, person_id: PersonId) -> PersonCard | None:
        """Return who has this id, None if nobody has."""
        return (await self._people.find([person_id])).get(person_id)
