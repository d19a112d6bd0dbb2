"""Rooms over HTTP: make, find, change and delete them, and what one may do there."""

from dataclasses import replace
from enum import StrEnum
from hashlib import sha256

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.contracts.scopes import Scope
from libs.common.errors import Forbidden, IdempotencyConflict, NotFound
from libs.common.http.endpoint import Endpoint, IdempotencyKey
from libs.common.http.people import USERS_AND_BOTS, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page, Reply
from libs.common.permissions.case import Action, effective_role
from libs.common.permissions.rules import NotMember
from services.rooms.api.bodies import (
    Explained,
    NewRoom,
    Permissions,
    Piece,
    RoomChange,
    RoomShown,
)
from services.rooms.api.holding import Holding
from services.rooms.api.people import People
from services.rooms.api.showing import Showing
from services.rooms.core.cursors import RoomCursor, read_cursor, write_cursor
from services.rooms.core.rules import decide, person_of
from services.rooms.core.titles import title_key
from services.rooms.model import Once, Room, SeenRoom
from services.rooms.settings import RoomsSettings
from services.rooms.store.founding import Founding, TooManyRooms
from services.rooms.store.rooms import RoomStore
from services.rooms.store.writing import TitleTaken

REFUSED = (NotFound, NotMember, Forbidden)
"""What every change of a room may be answered with."""


class RoomScope(StrEnum):
    """mine: where one is a member. public: what everybody with an account may look into."""

    MINE = "mine"
    PUBLIC = "public"


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
        settings: RoomsSettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._founding = founding
        self._rooms = rooms
        self._people = people
        self._holding = holding
        self._showing = showing
        self._settings = settings
        self._clock = clock
        self._chance = chance

    def endpoints(self) -> list[Endpoint]:
        made = (TitleTaken, TooManyRooms, IdempotencyConflict)
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
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_READ,
                errors=(NotFound,),
            ),
            Endpoint(
                "PATCH",
                "/v1/rooms/{room_id}",
                self.change,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=(*REFUSED, TitleTaken),
            ),
            Endpoint(
                "DELETE",
                "/v1/rooms/{room_id}",
                self.delete,
                scope=Scope.ROOMS_WRITE,
                errors=REFUSED,
            ),
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}/permissions",
                self.permissions,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_READ,
                errors=(NotFound,),
            ),
        ]

    async def create(
        self, caller: Caller, body: NewRoom, key: IdempotencyKey | None
    ) -> Reply[RoomShown]:
        """Make a room and be its owner; the same Idempotency-Key finds the room that it made."""
        who = await self._people.caller(caller)
        once = Once(key, sha256(body.model_dump_json().encode()).digest()) if key else None
        room_id, is_new = await self._founding.create(
            self._new(body, who),
            person_of(who),
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
        find = self._rooms.mine if scope is RoomScope.MINE else self._rooms.public
        found = await find(
            caller.id, title_key(q), after=(after.title_key, after.id), limit=limit + 1
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
        """Change a room's title, topic, state or slow mode."""
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.CHANGE_ROOM)
            held = acting.held
            room = replace(held.room, **body.model_dump(exclude_none=True))
            room = replace(room, title_key=title_key(room.title))
            if room != held.room:
                await held.change(room, actor=acting.person, now=acting.now)
            changed = SeenRoom(held.room, acting.role)
        return await self._showing.one(changed)

    async def delete(self, caller: Caller, room_id: RoomId) -> None:
        """Delete a room for everybody in it."""
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.DELETE_ROOM)
            await acting.held.delete(actor=acting.person, now=acting.now)

    async def permissions(
        self, caller: Caller, room_id: RoomId, explain: bool = False
    ) -> Permissions:
        """Tell what one may do in a room; `explain=1` names the rule behind each."""
        who = await self._people.caller(caller)
        seen = await self._showing.seen(room_id, who, Action.SEE)
        now = self._clock.now()
        decided = {action: decide(action, seen.room, who, seen.role, now=now) for action in Action}
        explained = [
            Explained(
                action=action,
                is_allowed=decision.is_allowed,
                rule=decision.rule,
                because=decision.because,
                needed=decision.needed,
            )
            for action, decision in decided.items()
        ]
        return Permissions(
            role=effective_role(who.system_role, seen.role),
            allowed=[action for action, decision in decided.items() if decision.is_allowed],
            explained=explained if explain else None,
        )

    def _new(self, body: NewRoom, owner: PersonCard) -> Room:
        now = self._clock.now()
        return Room(
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
        )


def _cursor_behind(seen: SeenRoom, scope: RoomScope) -> str:
    return write_cursor(RoomCursor(scope, seen.room.title_key, seen.room.id))
