"""Everybody's accounts, for those who run the server."""

from typing import Annotated

from pydantic import Field

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import SystemRole
from libs.common.contracts.scopes import Scope
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from services.auth.api.administration.bodies import AccountAdministered, AccountChange
from services.auth.api.administration.changing import AccountChanges, By
from services.auth.api.administration.staff import StaffDoor
from services.auth.api.bodies import MAX_TYPED_CHARS
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import email_key, name_key
from services.auth.core.administration_cursors import AccountCursor
from services.auth.core.proofs import StepUpRequired
from services.auth.core.roles import LastOwner
from services.auth.model.administration import Administered, Sought
from services.auth.store.accounts import AccountNotFound
from services.auth.store.administration import AdministrationStore

Searched = Annotated[str, Field(max_length=MAX_TYPED_CHARS)]


class UsersAdministration:
    """Lists accounts, gives roles, shuts people out and lets them back in."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._store = AdministrationStore(around.database, around.facts)
        self._changes = AccountChanges(self._store, around)
        self._door = StaffDoor(around.accounts)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/v1/admin/users", self.listed, scope=Scope.ADMIN),
            Endpoint(
                "PATCH",
                "/v1/admin/users/{user_id}",
                self.change,
                errors=(AccountNotFound, StepUpRequired, LastOwner),
            ),
            Endpoint(
                "POST",
                "/v1/admin/users/{user_id}/logout",
                self.log_out,
                scope=Scope.ADMIN,
                errors=(AccountNotFound,),
            ),
        ]

    async def listed(
        self,
        caller: Caller,
        *,
        q: Searched = "",
        role: SystemRole | None = None,
        disabled: bool | None = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor | None = None,
    ) -> Page[AccountAdministered]:
        """Find accounts by a piece of their name or e-mail address, in the order of names."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        place = AccountCursor.read(cursor) if cursor else AccountCursor()
        found = await self._store.listed(
            Sought(email_key(q), role, disabled),
            after=(place.key, place.id),
            limit=limit + 1,
            now=self._around.clock.now(),
        )
        page = found[:limit]
        return Page(
            items=[AccountAdministered.of_administered(one) for one in page],
            next_cursor=_behind(page[-1]).write() if len(found) > limit else None,
        )

    async def change(
        self, user_id: PersonId, body: AccountChange, caller: Caller, address: ClientAddress
    ) -> AccountAdministered:
        """Give somebody a role, shut them out or let them back in."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        await self._around.proof.demand(caller)
        await self._changes.make(user_id, body, By(caller, address))
        changed = await self._store.find(user_id, now=self._around.clock.now())
        return AccountAdministered.of_administered(changed)

    async def log_out(self, user_id: PersonId, caller: Caller, address: ClientAddress) -> None:
        """End all sessions of somebody who stands below the caller."""
        await self._door.admit(caller, least=SystemRole.ADMIN)
        await self._changes.log_out(user_id, By(caller, address))


def _behind(one: Administered) -> AccountCursor:
    return AccountCursor(name_key(one.account.name), one.account.id)
