"""Whether somebody may make an account: what every way to make one asks first."""

from typing import Final

from libs.common.clock import Clock
from libs.common.postgres import Database
from services.auth.core.accounts import RegistrationClosed
from services.auth.core.admission import DomainNotAllowed, InviteNeeded, check_admission
from services.auth.core.links import hashed
from services.auth.model.admission import Policy, RegistrationMode
from services.auth.settings.general import AuthSettings
from services.auth.store.invites import InvalidInvite, InviteStore
from services.auth.store.policy import PolicyStore

REFUSALS: Final = (RegistrationClosed, InviteNeeded, InvalidInvite, DomainNotAllowed)
"""What whoever may not make an account hears."""


class Admission:
    """Knows the policy and the invitations."""

    def __init__(self, database: Database, *, settings: AuthSettings, clock: Clock) -> None:
        default = Policy(RegistrationMode(settings.registration), settings.registration_domains)
        self.policies = PolicyStore(database, default=default)
        self._invites = InviteStore(database)
        self._clock = clock

    async def policy(self) -> Policy:
        """Return what holds now."""
        return await self.policies.read()

    async def check(self, email: str | None, *, invite: str | None) -> bytes | None:
        """Refuse whoever may not make an account.

        `email` is an address that is theirs or will be proved to be; `invite` the token of a link.
        Returns what `store.invites.claim` wants in the transaction that makes the account: it
        decides who gets the last use. None: nothing is to be claimed, as with an old link to a
        server that is open to everybody by now.

        Raises: RegistrationClosed, InviteNeeded, InvalidInvite, DomainNotAllowed.
        """
        policy = await self.policies.read()
        check_admission(policy, email, is_invited=invite is not None)
        if invite is None:
            return None
        token_hash = hashed(invite)
        if await self._invites.is_good(token_hash, now=self._clock.now()):
            return token_hash
        if policy.registration is RegistrationMode.OPEN:
            return None
        raise InvalidInvite
