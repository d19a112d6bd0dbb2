"""Bans and mutes over HTTP.

Everything is decided under the room's lock: who is banned while they come in is out in the end.
"""

from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import PersonKind
from libs.common.contracts.scopes import Scope
from libs.common.errors import ChatError
from libs.common.http.endpoint import Endpoint, Handler
from libs.common.http.people import USERS_AND_BOTS, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.permissions.case import Action
from libs.common.permissions.decide import LastOwner
from services.rooms.api.holding import REFUSED, Holding
from services.rooms.api.moderation_bodies import NewSanction, SanctionShown
from services.rooms.api.people import People
from services.rooms.api.showing import Showing
from services.rooms.core.aliases import looks_of
from services.rooms.core.cursors import IdCursor, read_cursor, write_cursor
from services.rooms.core.rules import PersonNotFound, person_of
from services.rooms.model import Sanctions
from services.rooms.store import moderation
from services.rooms.store.moderation import ModerationStore
from services.rooms.store.writing import TitleTaken

BANS: Final = "/v1/rooms/{room_id}/bans"
BAN: Final = f"{BANS}/{{user_id}}"
MUTES: Final = "/v1/rooms/{room_id}/mutes"
MUTE: Final = f"{MUTES}/{{user_id}}"


class ModerationApi:
    """The endpoints around bans and mutes."""

    def __init__(
        self,
        holding: Holding,
        sanctions: ModerationStore,
        *,
        people: People,
        showing: Showing,
        clock: Clock,
    ) -> None:
        self._holding = holding
        self._sanctions = sanctions
        self._people = people
        self._showing = showing
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            _reads(BANS, self.bans),
            _writes("PUT", BAN, self.ban, LastOwner, TitleTaken),
            _writes("DELETE", BAN, self.unban),
            _reads(MUTES, self.mutes),
            _writes("PUT", MUTE, self.mute),
            _writes("DELETE", MUTE, self.unmute),
        ]

    async def ban(
        self, caller: Caller, room_id: RoomId, user_id: PersonId, body: NewSanction
    ) -> SanctionShown:
        """Put somebody out and keep them out; a ban that is there becomes this one."""
        found = await self._people.find([user_id])
        async with self._holding.hold(caller, room_id) as acting:
            role = await acting.held.role(user_id)
            person = person_of(acting.require_on(Action.BAN, found.get(user_id), role))
            await acting.check_owner_kept(role, new_role=None)
            sanction = body.sanction(person, acting.person, now=acting.now)
            is_guest = person.kind is PersonKind.GUEST
            looks = looks_of([person.name]) if is_guest else ()
            await moderation.ban(acting.held, sanction, role=role, actor=acting.person, looks=looks)
        return SanctionShown.of(sanction)

    async def unban(self, caller: Caller, room_id: RoomId, user_id: PersonId) -> None:
        """Take a ban back; without one it changes nothing."""
        found = await self._people.find([user_id])
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.BAN)
            if card := found.get(user_id):
                role = await acting.held.role(user_id)
                await moderation.unban(
                    acting.held, person_of(card), role=role, actor=acting.person, now=acting.now
                )

    async def mute(
        self, caller: Caller, room_id: RoomId, user_id: PersonId, body: NewSanction
    ) -> SanctionShown:
        """Let a member read and not write; a mute that is there becomes this one."""
        found = await self._people.find([user_id])
        async with self._holding.hold(caller, room_id) as acting:
            role = await acting.held.role(user_id)
            person = person_of(acting.require_on(Action.MUTE, found.get(user_id), role))
            if role is None:
                raise PersonNotFound
            sanction = body.sanction(person, acting.person, now=acting.now)
            await moderation.mute(acting.held, sanction, role=role, actor=acting.person)
        return SanctionShown.of(sanction)

    async def unmute(self, caller: Caller, room_id: RoomId, user_id: PersonId) -> None:
        """Take a mute back, also from who has left; without one it changes nothing."""
        found = await self._people.find([user_id])
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.MUTE)
            if card := found.get(user_id):
                role = await acting.held.role(user_id)
                if role is not None:
                    acting.require_on(Action.MUTE, card, role)
                await moderation.unmute(
                    acting.held, person_of(card), role=role, actor=acting.person, now=acting.now
                )

    async def bans(
        self,
        caller: Caller,
        room_id: RoomId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[SanctionShown]:
        """List who is banned from a room."""
        return await self._page(caller, room_id, Sanctions.BANS, limit=limit, cursor=cursor)

    async def mutes(
        self,
        caller: Caller,
        room_id: RoomId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[SanctionShown]:
        """List who is muted in a room, in it or not."""
        return await self._page(caller, room_id, Sanctions.MUTES, limit=limit, cursor=cursor)

    async def _page(
        self, caller: Caller, room_id: RoomId, of: Sanctions, *, limit: int, cursor: str | None
    ) -> Page[SanctionShown]:
        who = await self._people.caller(caller)
        await self._showing.seen(room_id, who, Action.MODERATE)
        first = IdCursor(f"{of} {room_id}")
        after = PersonId(read_cursor(cursor, first=first).id)
        now = self._clock.now()
        found = await self._sanctions.page(of, room_id, after=after, limit=limit + 1, now=now)
        page, more = found[:limit], found[limit:]
        behind = write_cursor(IdCursor(first.of, page[-1].person.id)) if more else None
        return Page(items=[SanctionShown.of(one) for one in page], next_cursor=behind)


def _reads(path: str, handler: Handler) -> Endpoint:
    return Endpoint(
        "GET", path, handler, admits=USERS_AND_BOTS, scope=Scope.ROOMS_READ, errors=REFUSED
    )


def _writes(method: str, path: str, handler: Handler, *more: type[ChatError]) -> Endpoint:
    return Endpoint(
        method,
        path,
        handler,
        admits=USERS_AND_BOTS,
        scope=Scope.ROOMS_WRITE,
        errors=(*REFUSED, *more),
    )
