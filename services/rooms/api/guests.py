"""Guests over HTTP: look at a door, come in by an alias, stay, go; and who is there.

A guest is a member of the one room, with an id of their own each time they come in. Everything that
others must not do at the same moment is decided under the room's lock; auth is asked for tokens
after it, and whoever was ended meanwhile gets none.
"""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.frames import PersonShown
from libs.common.contracts.guests import GuestTokensAnswer
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import Departure
from libs.common.contracts.scopes import Scope
from libs.common.errors import ChatError, Forbidden, NotFound, TimedOut, TooMany, Unavailable
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE, GUESTS, USERS_AND_BOTS, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.networks import network_of
from libs.common.permissions.case import Action
from libs.common.permissions.rules import RoomNotOpen
from libs.common.permissions.schedule import state_at
from libs.common.times import rfc3339, rfc3339_if
from libs.common.tokens.access import SessionRevoked
from services.rooms.api.door_passwords import DoorBusy
from services.rooms.api.doors import GuestDoors
from services.rooms.api.entering import note_newcomer
from services.rooms.api.guest_bodies import (
    DoorShown,
    GuestIn,
    GuestRefresh,
    GuestRoomsOffered,
    GuestShown,
    NewGuest,
)
from services.rooms.api.guest_tokens import GuestTokens
from services.rooms.api.people import People
from services.rooms.api.showing import Showing
from services.rooms.core.aliases import looks_of
from services.rooms.core.cursors import IdCursor, read_cursor, write_cursor
from services.rooms.core.floods import RoomLocked, check_door
from services.rooms.core.guests import Slug, WrongPassword, check_open, device_hash
from services.rooms.core.moderation import Banned
from services.rooms.core.rules import RoomFull, check_room_left
from services.rooms.settings import RoomsSettings
from services.rooms.store.guests import (
    AliasTaken,
    GuestStore,
    begin,
    last_of_device,
    names_of,
    password_hash_of,
    same_guest,
)
from services.rooms.store.held import HeldRoom
from services.rooms.store.moderation import follow_device, is_guest_banned
from services.rooms.store.rooms import RoomStore

DOORS: Final = "/v1/guest-rooms"
DOOR: Final = f"{DOORS}/{{slug}}"

COMING_IN: Final = (
    NotFound,
    RoomNotOpen,
    WrongPassword,
    Banned,
    RoomLocked,
    AliasTaken,
    RoomFull,
    TooMany,
    DoorBusy,
)


class GuestsApi:
    """The endpoints around guests."""

    def __init__(
        self,
        rooms: RoomStore,
        guests: GuestStore,
        *,
        doors: GuestDoors,
        tokens: GuestTokens,
        people: People,
        showing: Showing,
        settings: RoomsSettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._rooms = rooms
        self._guests = guests
        self._doors = doors
        self._tokens = tokens
        self._people = people
        self._showing = showing
        self._settings = settings
        self._clock = clock
        self._chance = chance

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", DOORS, self.offered, scope=Scope.ROOMS_READ),
            Endpoint("GET", DOOR, self.look, admits=ANYONE, errors=(NotFound, TooMany)),
            Endpoint(
                "POST",
                f"{DOOR}/guests",
                self.come,
                status=201,
                admits=ANYONE,
                errors=COMING_IN,
            ),
            Endpoint(
                "POST",
                f"{DOOR}/refresh",
                self.refresh,
                admits=ANYONE,
                errors=(NotFound, RoomNotOpen, SessionRevoked, TooMany),
            ),
            Endpoint("POST", f"{DOOR}/leave", self.leave, admits=GUESTS, errors=(NotFound,)),
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}/guests",
                self.list,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_READ,
                errors=(NotFound, Forbidden),
            ),
        ]

    async def offered(self) -> GuestRoomsOffered:
        """Tell whether guest rooms can be made on this server."""
        return GuestRoomsOffered(may_be_made=self._settings.allow_guest_rooms)

    async def look(self, slug: Slug, address: ClientAddress) -> DoorShown:
        """Tell what a passer-by may know of a guest room."""
        room, door, facilitator = await self._doors.look(slug, network_of(address))
        now, most = self._clock.now(), self._settings.members_per_room
        return DoorShown(
            title=room.title,
            topic=room.topic,
            facilitator=facilitator,
            state=state_at(room, now=now),
            opens_at=rfc3339_if(room.opens_at),
            closes_at=rfc3339_if(room.closes_at),
            has_password=door.password_hash is not None,
            is_locked=_is_refused(lambda: check_door(room, now=now)),
            is_full=_is_refused(lambda: check_room_left(room, max_members=most)),
            server_time=rfc3339(now),
        )

    async def come(
        self, slug: Slug, body: NewGuest, request: Request, address: ClientAddress
    ) -> GuestIn:
        """Come into a guest room by an alias; the same device comes back to the alias it has."""
        network = network_of(address)
        room, door, _ = await self._doors.come(slug, network)
        check_open(room, now=self._clock.now())
        password = None if body.password is None else body.password.get_secret_value()
        await self._doors.check_password(room, door, password, network=network)
        async with self._rooms.hold(room.id) as held:
            if held is None:
                raise NotFound
            opens_now = await password_hash_of(held.connection, room.id)
            if opens_now not in (None, door.password_hash):
                # It was set while theirs, or that there was none, was looked at.
                raise WrongPassword
            person, is_new = await self._let_in(held, body)
        try:
            tokens = await self._tokens.begin(held.room, person, request)
        except (Unavailable, TimedOut):
            if is_new:
                # Or the alias would be taken from whoever tries again, by themselves.
                await self._leave(room.id, person)
            raise
        return await self._answer(held.room.id, tokens)

    async def refresh(
        self, slug: Slug, body: GuestRefresh, request: Request, address: ClientAddress
    ) -> GuestIn:
        """Exchange a guest's refresh token for a new pair."""
        room, _, _ = await self._doors.look(slug, network_of(address))
        check_open(room, now=self._clock.now())
        tokens = await self._tokens.refresh(room, body.refresh_token, request)
        return await self._answer(room.id, tokens)

    async def leave(self, slug: Slug, caller: Caller) -> None:
        """Leave a guest room; the alias is free again."""
        found = await self._guests.find(slug)
        if found is None or found[0].id != caller.room_id:
            raise NotFound
        await self._leave(found[0].id, caller.person)

    async def list(
        self,
        caller: Caller,
        room_id: RoomId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[GuestShown]:
        """List the guests who are in a room, in the order in which they came."""
        who = await self._people.caller(caller)
        await self._showing.seen(room_id, who, Action.MODERATE)
        after = read_cursor(cursor, first=IdCursor(f"guests {room_id}"))
        found = await self._guests.live(room_id, after=PersonId(after.id), limit=limit + 1)
        page, more, now = found[:limit], found[limit:], self._clock.now()
        behind = IdCursor(after.of, page[-1].person.id) if more else None
        return Page(
            items=[GuestShown.of(guest, now=now) for guest in page],
            next_cursor=None if behind is None else write_cursor(behind),
        )

    async def _let_in(self, held: HeldRoom, body: NewGuest) -> tuple[Person, bool]:
        """Return who came into a room that is held, and whether they were not in it.

        Raises: those of `COMING_IN`.
        """
        room, now = held.room, self._clock.now()
        check_open(room, now=now)
        looks = looks_of([body.alias])
        device = device_hash(room.id, body.device)
        if await is_guest_banned(
            held.connection, room.id, device_hash=device, looks=looks, now=now
        ):
            raise Banned
        same = await same_guest(held.connection, room.id, looks=looks, device_hash=device)
        if same is not None:
            return same, False
        check_door(room, now=now)
        check_room_left(room, max_members=self._settings.members_per_room)
        if looks & looks_of(await names_of(held.connection, room.id)):
            raise AliasTaken
        person = Person(PersonKind.GUEST, PersonId(self._chance.new_id()), body.alias)
        formerly = await last_of_device(held.connection, room.id, device_hash=device)
        await begin(held.connection, room.id, person, looks=looks, device_hash=device, now=now)
        await follow_device(
            held.connection, room.id, person_id=person.id, device_hash=device, now=now
        )
        await held.enter(person, RoomRole.GUEST, actor=person, now=now, formerly=formerly)
        settings = self._settings
        await note_newcomer(
            held, max_joins=settings.joins_per_minute, lock_s=settings.flood_lock_s, now=now
        )
        return person, True

    async def _answer(self, room_id: RoomId, tokens: GuestTokensAnswer) -> GuestIn:
        """Hand tokens out, unless their guest was ended while auth made them: it may have heard of
        the end before.

        Raises: SessionRevoked.
        """
        now = self._clock.now()
        alias = await self._guests.refreshed(tokens.person_id, room_id, now=now)
        seen = await self._rooms.find(room_id, tokens.person_id, now=now)
        if alias is None or seen is None:
            raise SessionRevoked
        return GuestIn(
            room=await self._showing.one(seen),
            person=PersonShown(kind=PersonKind.GUEST, id=tokens.person_id, name=alias),
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_in=tokens.expires_in,
        )

    async def _leave(self, room_id: RoomId, person: Person) -> None:
        async with self._rooms.hold(room_id) as held:
            if held is not None and await held.role(person.id) is RoomRole.GUEST:
                now = self._clock.now()
                await held.leave(person, Departure.LEFT, actor=person, now=now)


def _is_refused(check: Callable[[], None]) -> bool:
    try:
        check()
    except ChatError:
        return True
    return False
