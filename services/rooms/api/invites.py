"""Invitations to rooms over HTTP: made, listed and revoked by admins. Holders: `invited.py`."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import USERS_AND_BOTS, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.permissions.case import Action
from libs.common.times import rfc3339_if
from services.rooms.api.holding import REFUSED, Acting, Holding
from services.rooms.api.invite_bodies import NewRoomInvite, RoomInviteShown
from services.rooms.api.people import People
from services.rooms.api.showing import Showing
from services.rooms.core.cursors import IdCursor, read_cursor, write_cursor
from services.rooms.core.invites import Codes, TooManyInvites, hashed, invitee, is_good
from services.rooms.model import ChangeKind, Invite, Inviter
from services.rooms.settings import RoomsSettings
from services.rooms.store import invites
from services.rooms.store.invites import InviteStore

OF_ROOM: Final = "/v1/rooms/{room_id}/invites"
BY_CODE: Final = "/v1/invites/{code}"

LAST: Final = UUID(int=2**128 - 1)
"""Behind every id."""


class InvitesApi:
    """The endpoints for who may invite; `public_url` is where links to the web client begin."""

    def __init__(
        self,
        holding: Holding,
        store: InviteStore,
        *,
        people: People,
        showing: Showing,
        codes: Codes,
        public_url: str,
        settings: RoomsSettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._holding = holding
        self._store = store
        self._people = people
        self._showing = showing
        self._codes = codes
        self._public_url = public_url
        self._settings = settings
        self._clock = clock
        self._chance = chance

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                OF_ROOM,
                self.make,
                status=201,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=(*REFUSED, TooManyInvites),
            ),
            Endpoint(
                "GET",
                OF_ROOM,
                self.list,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_READ,
                errors=REFUSED,
            ),
            Endpoint(
                "DELETE",
                BY_CODE,
                self.revoke,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_WRITE,
                errors=REFUSED,
            ),
        ]

    async def make(self, caller: Caller, room_id: RoomId, body: NewRoomInvite) -> RoomInviteShown:
        """Make an invitation to a room."""
        invite_id = self._chance.new_id()
        code = self._codes.new(invite_id, random=self._chance.token())
        async with self._holding.hold(caller, room_id) as acting:
            acting.require(Action.INVITE, target=invitee(body.role))
            held, now = acting.held, acting.now
            good = await invites.count(held.connection, room_id, now=now)
            if good >= self._settings.invites_per_room:
                raise TooManyInvites
            invite = Invite(
                id=invite_id,
                room_id=room_id,
                code_hash=hashed(code),
                role=body.role,
                max_uses=body.max_uses,
                uses=0,
                made_by=acting.who.id,
                made_at=now,
                expires_at=None if body.expires_in_s is None else now + body.expires_in_s,
            )
            await invites.insert(held.connection, invite)
            await self._note(acting, ChangeKind.INVITE_MADE, invite)
        return RoomInviteShown.of(invite, acting.who, code=code, public_url=self._public_url)

    async def list(
        self,
        caller: Caller,
        room_id: RoomId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[RoomInviteShown]:
        """List the invitations that are good, the newest first."""
        who = await self._people.caller(caller)
        seen = await self._showing.seen(room_id, who, Action.INVITE)
        first = IdCursor(f"invites {room_id}", LAST)
        before = read_cursor(cursor, first=first).id
        now = self._clock.now()
        found = await self._store.page(room_id, before=before, limit=limit + 1, now=now)
        page, more = found[:limit], found[limit:]
        return Page(
            items=[
                RoomInviteShown.of(
                    invite,
                    maker.card,
                    code=self._codes.again(invite),
                    public_url=self._public_url,
                )
                for invite, maker in page
                if is_good(invite, maker, seen.room, now=now)
            ],
            next_cursor=write_cursor(IdCursor(first.of, page[-1][0].id)) if more else None,
        )

    async def revoke(self, caller: Caller, code: str) -> None:
        """Revoke an invitation, named by its code or by its id."""
        found = await self._found(code)
        async with self._holding.hold(caller, found.room_id) as acting:
            acting.require(Action.INVITE)
            if await invites.revoke(acting.held.connection, found.id, now=acting.now):
                await self._note(acting, ChangeKind.INVITE_REVOKED, found)

    async def _found(self, code: str) -> Invite:
        """Return the invitation of this code or this id.  Raises: NotFound."""
        found: tuple[Invite, Inviter] | None = None
        with suppress(ValueError):
            found = await self._store.by_id(UUID(code))
        found = found or await self._store.by_code(hashed(code))
        if found is None:
            raise NotFound
        return found[0]

    async def _note(self, acting: Acting, kind: ChangeKind, invite: Invite) -> None:
        details = {
            "role": invite.role,
            "max_uses": invite.max_uses,
            "expires_at": rfc3339_if(invite.expires_at),
        }
        await acting.held.note(kind, acting.person, details=details, now=acting.now)
