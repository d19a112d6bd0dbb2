"""What one may do in a room and why, and who has changed what about it."""

from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId
from libs.common.contracts.scopes import Scope
from libs.common.errors import Forbidden, NotFound
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import PEOPLE, USERS_AND_BOTS, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.permissions.case import Action, effective_role
from services.rooms.api.holding import REFUSED
from services.rooms.api.people import People
from services.rooms.api.room_bodies import Explained, Permissions, RoomChangeShown
from services.rooms.api.showing import Showing
from services.rooms.core.cursors import ChangeCursor, read_cursor, write_cursor
from services.rooms.core.rules import decide
from services.rooms.store.changes import ChangeStore


class RightsApi:
    """The endpoints that tell of rights and of history."""

    def __init__(
        self, changes: ChangeStore, people: People, *, showing: Showing, clock: Clock
    ) -> None:
        self._changes = changes
        self._people = people
        self._showing = showing
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}/permissions",
                self.permissions,
                admits=PEOPLE,
                scope=Scope.ROOMS_READ,
                errors=(NotFound, Forbidden),
            ),
            Endpoint(
                "GET",
                "/v1/rooms/{room_id}/changes",
                self.changes,
                admits=USERS_AND_BOTS,
                scope=Scope.ROOMS_READ,
                errors=REFUSED,
            ),
        ]

    async def permissions(
        self, caller: Caller, room_id: RoomId, explain: bool = False
    ) -> Permissions:
        """Tell what one may do in a room; `explain=1` names the rule behind each."""
        who = await self._people.caller(caller)
        seen = await self._showing.seen(room_id, who, Action.SEE)
        now = self._clock.now()
        decided = {action: decide(action, seen, who, now=now) for action in Action}
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

    async def changes(
        self,
        caller: Caller,
        room_id: RoomId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[RoomChangeShown]:
        """List what was changed about a room and its members, the newest first."""
        who = await self._people.caller(caller)
        await self._showing.seen(room_id, who, Action.SEE_CHANGES)
        before = read_cursor(cursor, first=ChangeCursor(room_id))
        found = await self._changes.page(room_id, before=before.id, limit=limit + 1)
        page, more = found[:limit], found[limit:]
        return Page(
            items=[RoomChangeShown.of(change) for change in page],
            next_cursor=write_cursor(ChangeCursor(room_id, page[-1].id)) if more else None,
        )
