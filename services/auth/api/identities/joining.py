"""From what a provider says of somebody to their account: found, linked or made."""

from typing import Final

import structlog

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import SystemRole
from libs.common.errors import Invalid
from services.auth.api.identities.linking import Linker
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import email_key, name_key
from services.auth.core.identities.joining import (
    NAMELESS,
    Enters,
    Joins,
    Links,
    arrive,
    usable_email,
)
from services.auth.core.identities.refusals import LinkRequired
from services.auth.core.login import AccountDisabled
from services.auth.model.accounts import Account, EmailState, NewAccount
from services.auth.model.identities import LinkedIdentity, Shown
from services.auth.settings.identity import Provider
from services.auth.store.identities.identities import (
    IdentityGone,
    IdentityStore,
    IdentityTaken,
    registered,
)
from services.auth.store.registering import EmailTaken

log = structlog.get_logger()

TRIES: Final = 2
"""Whoever finds that somebody was faster looks again: it may have been they, in another tab."""


class Joining:
    """Lets people in."""

    def __init__(self, identities: IdentityStore, linker: Linker, around: Surroundings) -> None:
        self._identities = identities
        self._linker = linker
        self._around = around

    async def account_of(
        self, shown: Shown, provider: Provider, *, invite: str | None, address: str
    ) -> Account:
        """Return the account that somebody enters; an invitation counts for a new one.

        Raises: AccountDisabled, when they were deleted at the provider; what `arrive` and the
        policy raise; InvalidInvite.
        """
        if await self._identities.is_gone(shown.identity):
            raise AccountDisabled
        for _ in range(TRIES):
            try:
                return await self._arrive(shown, provider, invite=invite, address=address)
            except IdentityGone:
                raise AccountDisabled from None
            except (EmailTaken, IdentityTaken):
                log.info("identity_raced", provider=provider.name)
        raise LinkRequired

    async def _arrive(
        self, shown: Shown, provider: Provider, *, invite: str | None, address: str
    ) -> Account:
        email = usable_email(shown)
        arrival = arrive(
            shown,
            holder=await self._identities.holder(shown.identity),
            namesake=await self._identities.namesake(email_key(email)) if email else None,
            links_by_email=provider.links_by_email,
            needs_verified=self._around.mail.is_on,
        )
        match arrival:
            case Enters(account):
                return account
            case Links(account):
                await self._linker.link(account, shown, provider, address=address, session_id=None)
                return account
            case Joins():
                invite_hash = await self._admit(arrival, shown, provider, invite=invite)
                return await self._make(
                    arrival, shown, provider, invite_hash=invite_hash, address=address
                )

    async def _admit(
        self, joins: Joins, shown: Shown, provider: Provider, *, invite: str | None
    ) -> bytes | None:
        """Refuse whoever may not get an account; return what is to be claimed with it. Whom the
        provider lets in needs no invitation, and uses none up.
        """
        if provider.makes_accounts:
            return None
        known = joins.email if shown.is_verified else None
        return await self._around.admission.check(known, invite=invite)

    async def _make(
        self,
        joins: Joins,
        shown: Shown,
        provider: Provider,
        *,
        invite_hash: bytes | None,
        address: str,
    ) -> Account:
        new = new_account(
            PersonId(self._around.chance.new_id()),
            email=joins.email,
            name=await self.fitting(joins.name),
            is_verified=shown.is_verified,
        )
        linked = LinkedIdentity(
            id=self._around.chance.new_id(),
            identity=shown.identity,
            account_id=new.id,
            email=joins.email,
            is_source=True,
            linked_at=self._around.clock.now(),
        )
        act = registered(new, address=address, by="provider")
        account = await self._identities.join(new, linked, act, invite_hash=invite_hash)
        log.info("account_registered", user_id=account.id, provider=provider.name)
        return account

    async def fitting(self, name: str) -> str:
        """Return a name, or another if that one deceives: nobody is kept out for it."""
        try:
            await self._around.naming.check(name, account_id=None, is_staff=False)
        except Invalid:
            return NAMELESS
        return name


def new_account(account_id: PersonId, *, email: str, name: str, is_verified: bool) -> NewAccount:
    """Return an account without a password."""
    return NewAccount(
        id=account_id,
        email=email,
        email_key=email_key(email),
        email_state=EmailState.PROVED if is_verified else EmailState.UNPROVED,
        name=name,
        name_key=name_key(name),
        system_role=SystemRole.MEMBER,
        password_hash=None,
    )
