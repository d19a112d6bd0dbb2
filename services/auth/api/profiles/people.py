"""People over HTTP: see and change one's own account, find others."""

from typing import Annotated

import structlog
from pydantic import Field

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import SystemRole
from libs.common.contracts.scopes import Scope
from libs.common.errors import Invalid
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import USERS_AND_BOTS, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.ratelimit import Limit as Pace
from services.auth.api.bodies import AccountShown, Profile, UserShown
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import MAX_NAME_CHARS, name_key
from services.auth.model.acts import Act, Kind
from services.auth.model.cursors import SearchCursor
from services.auth.model.searching import search_of
from services.auth.store.accounts import AccountNotFound
from services.auth.store.searching import SearchStore

log = structlog.get_logger()

MAX_IDS = 100

Searched = Annotated[str, Field(max_length=MAX_NAME_CHARS)]
Ids = Annotated[list[PersonId], Field(max_length=MAX_IDS)]


class PeopleApi:
    """The endpoints around people."""

    def __init__(self, search: SearchStore, around: Surroundings) -> None:
        self._search = search
        self._accounts = around.accounts
        self._naming = around.naming
        self._audit = around.audit
        self._clock = around.clock
        settings = around.settings
        self._searches = around.rates.of(
            "users.search",
            Pace.per_minute(settings.searches_per_minute, burst=settings.searches_burst),
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/v1/me", self.me, admits=USERS_AND_BOTS, scope=Scope.PROFILE),
            Endpoint("PATCH", "/v1/me", self.change_me, admits=USERS_AND_BOTS, scope=Scope.PROFILE),
            Endpoint(
                "GET", "/v1/users", self.search, admits=USERS_AND_BOTS, scope=Scope.USERS_READ
            ),
            Endpoint(
                "GET",
                "/v1/users/{user_id}",
                self.user,
                admits=USERS_AND_BOTS,
                scope=Scope.USERS_READ,
                errors=(AccountNotFound,),
            ),
        ]

    async def me(self, caller: Caller) -> AccountShown:
        """Return the caller's own account."""
        return AccountShown.of(await self._accounts.find(caller.id))

    async def change_me(
        self, body: Profile, caller: Caller, address: ClientAddress
    ) -> AccountShown:
        """Change the caller's own account."""
        if body.name is None:
            return await self.me(caller)
        before = await self._accounts.find(caller.id)
        is_staff = before.system_role is not SystemRole.MEMBER
        await self._naming.check(body.name, account_id=caller.id, is_staff=is_staff)
        account = await self._accounts.rename(
            caller.id, name=body.name, name_key=name_key(body.name), now=self._clock.now()
        )
        log.info("account_renamed", user_id=account.id)
        await self._audit.note(
            Act(
                kind=Kind.ACCOUNT_RENAMED,
                actor_id=caller.id,
                subject_id=caller.id,
                outcome="done",
                address=address,
                session_id=caller.session_id,
            )
        )
        return AccountShown.of(account)

    async def search(
        self,
        caller: Caller,
        q: Searched = "",
        ids: Ids | None = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[UserShown]:
        """Find users by the beginnings of words of their name, or by their ids.

        Names that begin with `q` come first; without one all are listed by name. `ids` gives those
        that exist, in their order, also who was disabled; it goes with nothing else.
        """
        if ids is not None:
            return await self._of(ids, q=q, cursor=cursor)
        await self._searches.take(str(caller.id))
        after = SearchCursor.read(cursor) if cursor else None
        hits = await self._search.find(search_of(q), after=after, limit=limit + 1)
        next_cursor = hits[limit - 1].place.write() if len(hits) > limit else None
        shown = [UserShown.of(hit.account) for hit in hits[:limit]]
        return Page(items=shown, next_cursor=next_cursor)

    async def user(self, user_id: PersonId) -> UserShown:
        """Return what everybody may know of one user."""
        return UserShown.of(await self._accounts.find(user_id))

    async def _of(self, ids: list[PersonId], *, q: str, cursor: str | None) -> Page[UserShown]:
        if q or cursor:
            raise Invalid(fields={"ids": "goes without q and cursor"})
        found = {account.id: account for account in await self._accounts.find_many(ids)}
        wanted = dict.fromkeys(one for one in ids if one in found)
        return Page(items=[UserShown.of(found[one]) for one in wanted], next_cursor=None)
