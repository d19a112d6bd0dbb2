"""People who come with a token of another product: who they are here.

The first time that somebody is seen they get an account, known by the product's name for them and
without an address or a password. From then on they are that account, and may be disabled here like
anybody else.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from libs.common.contracts.ids import PersonId
from libs.common.contracts.introspection import Introspected
from libs.common.contracts.people import SystemRole
from libs.common.errors import Invalid
from services.auth.api.identities.product import Product
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import name_key
from services.auth.core.identities.foreign import SCOPES, Foreign
from services.auth.core.identities.joining import NAMELESS, usable_name
from services.auth.model.accounts import Account, EmailState, NewAccount
from services.auth.model.identities import LinkedIdentity, Shown
from services.auth.store.identities.identities import (
    IdentityGone,
    IdentityStore,
    IdentityTaken,
    registered,
)

log = structlog.get_logger()

AT_ONCE: Final = 10
"""Tokens that the product is asked about at the same time; others wait their turn."""


class Strangers:
    """Finds the accounts of foreign tokens, and makes those that are missing."""

    def __init__(
        self, product: Product, identities: IdentityStore, *, around: Surroundings
    ) -> None:
        self._product = product
        self._identities = identities
        self._around = around
        self._turns = asyncio.Semaphore(AT_ONCE)

    @property
    def is_on(self) -> bool:
        return self._product.is_trusted

    async def find_all(self, tokens: Sequence[str]) -> list[Introspected | None]:
        """Return whose these are, in their order.  Raises: Unavailable."""
        return await asyncio.gather(*map(self._find, tokens))

    async def _find(self, token: str) -> Introspected | None:
        async with self._turns:
            foreign = await self._product.whose(token)
            if foreign is None:
                return None
            account = await self._account(foreign)
        if account is None or account.is_disabled:
            return None
        return Introspected(
            person_id=account.id,
            kind=account.kind,
            name=account.name,
            session_id=foreign.session_id(account.id),
            expires_at=foreign.expires_at,
            scopes=sorted(SCOPES),
        )

    async def _account(self, foreign: Foreign) -> Account | None:
        """Return whom the product means; nobody, if it has told that they were deleted there."""
        identity = foreign.shown.identity
        known = await self._identities.holder(identity)
        if known is not None:
            return known
        if await self._identities.is_gone(identity):
            return None
        try:
            return await self._join(foreign.shown)
        except IdentityGone:
            return None
        except IdentityTaken:
            # Another door was shown the same token at the same time.
            return await self._identities.holder(identity)

    async def _join(self, shown: Shown) -> Account:
        around, now = self._around, self._around.clock.now()
        name = await self._name(shown)
        new = NewAccount(
            id=PersonId(around.chance.new_id()),
            email="",
            email_key="",
            email_state=EmailState.UNPROVED,
            name=name,
            name_key=name_key(name),
            system_role=SystemRole.MEMBER,
            password_hash=None,
        )
        linked = LinkedIdentity(
            id=around.chance.new_id(),
            identity=shown.identity,
            account_id=new.id,
            email=None,
            is_source=True,
            linked_at=now,
        )
        act = registered(new, address=None, by="token")
        account = await self._identities.join(new, linked, act, invite_hash=None)
        log.info("account_registered", user_id=account.id, by="token")
        return account

    async def _name(self, shown: Shown) -> str:
        name = usable_name(shown) or NAMELESS
        try:
            await self._around.naming.check(name, account_id=None, is_staff=False)
        except Invalid:
            return NAMELESS
        return name
