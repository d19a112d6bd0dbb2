"""Rooms over HTTP: make, find and change them."""

from hashlib import sha256

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.contracts.scopes import Scope
from libs.common.errors import IdempotencyConflict, NotFound
from libs.common.http.endpoint import Endpoint, IdempotencyKey
from libs.common.http.people import PEOPLE, USERS_AND_BOTS, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page, Reply
from libs.common.permissions.case import Action
from services.rooms.api.bodies import Piece, RoomShown
from services.rooms.api.door_passwords import DoorBusy, DoorPasswords
from services.rooms.api.holding import REFUSED, Holding
from services.rooms.api.people import People
from services.rooms.api.room_bodies import NewRoom, RoomChange
from services.rooms.api.showing import Showing
from services.rooms.api.wishes import check_kind, seconds, wished
from services.rooms.core.cursors import RoomCursor, read_cursor, write_cursor
from services.rooms.core.guests import GuestRoomsOff, new_slug
from services.rooms.core.rules import person_of
from services.rooms.core.schedule import RoomArchived, begun
from services.rooms.core.titles import title_key
from services.rooms.model import ChangeKind, Door, Once, Room, RoomScope, SeenRoom
from services.rooms.settings import RoomsSettings
from services.rooms.store import guests
from services.rooms.store.counts import TooManyRooms
from services.rooms.store.floods import forget_rush
from services.rooms.store.founding import Founding
from services.rooms.store.rooms import RoomStore
from services.rooms.store.writing import TitleTaken


class RoomsApi:
    """The endpoints around rooms."""

    def __init__(
        self,
        founding: Founding,
        rooms: RoomStore,
        *,
        people: People,
        holding: Holding,
        showing: Showing,
        passwords: DoorPasswords,
        settings: RoomsSettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._founding = founding
        self._rooms = rooms
        self._people = people
        self._holding = holding
        self._showing = showing
        self._passwords = passwords
        self._settings = settings
        self._clock = clock
        self._chance = chance

    def endpoints(self) -> list[Endpoint]:
        made = (GuestRoomsOff, TitleTaken, TooManyRooms, IdempotencyConflict, DoorBusy)
        return [
            Endpoint(
                "POST",
                "/v1/rooms",
                self.create,
                status=201,
                also=(200,),
                scope=Scope.ROOMS_WRITE,
                errors=made,
            ),
            Endpoint("GET", "/v1/rooms", self.list, admits=USERS_AND_BOTS, scope=Scope.ROOMS_READ),
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}",
                self.show,
                admits=PEOPLE,
                scope=Scope.ROOMS_READ,
                errors=(NotFound,),
            ),
            Endpoint(
                "PATCH",
                "/v1/rooms/{room_id}",
                self.change,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=(*REFUSED, TitleTaken, RoomArchived, DoorBusy),
            ),
        ]

    async def create(
        self, caller: Caller, body: NewRoom, key: IdempotencyKey | None
    ) -> Reply[RoomShown]:
        """Make a room and be its owner; the same Idempotency-Key finds the room that it made."""
        if body.kind is RoomKind.GUEST and not self._settings.allow_guest_rooms:
            raise GuestRoomsOff
        check_kind(body, body.kind)
        who = await self._people.caller(caller)
        once = Once(key, sha256(body.model_dump_json().encode()).digest()) if key else None
        room_id, is_new = await self._founding.create(
            self._new(body, who),
            person_of(who),
            door=await self._door(body),
            once=once,
            max_rooms=self._settings.rooms_per_owner,
        )
        shown = await self._showing.room(room_id, who)
        return Reply(shown, status=201 if is_new else 200)

    async def list(
        self,
        caller: Caller,
        scope: RoomScope = RoomScope.MINE,
        q: Piece = "",
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[RoomShown]:
        """List rooms in the order of their titles; `q` is a piece of the title."""
        after = read_cursor(cursor, first=RoomCursor(scope))
        found = await self._rooms.page(
            scope,
            caller.id,
            title_key(q),
            after=(after.title_key, after.id),
            limit=limit + 1,
            now=self._clock.now(),
        )
        page, more = found[:limit], found[limit:]
        return Page(
            items=await self._showing.rooms(page),
            next_cursor=_cursor_behind(page[-1], scope) if more else None,
        )

    async def show(self, caller: Caller, room_id: RoomId) -> RoomShown:
        """Show one room."""
        return await self._showing.room(room_id, await self._people.caller(caller))

    async def change(self, caller: Caller, room_id: RoomId, body: RoomChange) -> RoomShown:
        """Change a room's title, topic, state, hours, limits or door."""
        password = body.password.get_secret_value() if body.password else None
        password_hash = await self._passwords.hash(password)
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.CHANGE_ROOM)
            held, actor, now = acting.held, acting.person, acting.now
            room = wished(held.room, body, now=now)
            if "password" in body.model_fields_set and room.kind is RoomKind.GUEST:
                await guests.set_password(held.connection, room_id, password_hash=password_hash)
                details = {"field": "password"}
                await held.note(ChangeKind.ROOM_CHANGED, actor, details=details, now=now)
            if body.is_locked is False:
                await forget_rush(held)
            if room != held.room:
                await held.change(room, actor=actor, now=now)
            changed = acting.seen
        return await self._showing.one(changed)

    async def _door(self, body: NewRoom) -> Door | None:
        """Return the door of a room that is to be a guest room.  Raises: DoorBusy."""
        if body.kind is not RoomKind.GUEST:
            return None
        password = body.password.get_secret_value() if body.password else None
        return Door(new_slug(self._chance.token()), await self._passwords.hash(password))

    def _new(self, body: NewRoom, owner: PersonCard) -> Room:
        now = self._clock.now()
        room = Room(
            id=RoomId(self._chance.new_id()),
            kind=RoomKind(body.kind),
            state=RoomState.OPEN,
            title=body.title,
            title_key=title_key(body.title),
            topic=body.topic,
            slow_mode_s=body.slow_mode_s,
            owner_id=owner.id,
            version=0,
            member_count=0,
            created_at=now,
            updated_at=now,
            opens_at=seconds(body.opens_at),
            closes_at=seconds(body.closes_at),
            purge_after_s=body.purge_after_s,
            max_members=body.max_members,
        )
        return begun(room, now=now)


def _cursor_behind(seen: SeenRoom, scope: RoomScope) -> str:
    return write_cursor(RoomCursor(scope, seen.room.title_key, seen.room.id))
