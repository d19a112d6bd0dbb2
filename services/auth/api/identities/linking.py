"""Links identities to accounts and takes them away again; the owner hears of both."""

import structlog

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import NotFound, Unauthorized
from libs.common.http.people import Caller
from services.auth.api.surroundings import Surroundings
from services.auth.core.identities.joining import usable_email
from services.auth.core.letters import shown_time
from services.auth.model.accounts import Account
from services.auth.model.acts import Act, Kind
from services.auth.model.identities import LinkedIdentity, Linking, Shown
from services.auth.model.letters import Letter, LetterKind
from services.auth.settings.identity import Provider
from services.auth.store.identities.identities import IdentityStore, IdentityTaken

log = structlog.get_logger()


class Linker:
    """Changes which identities open an account."""

    def __init__(self, identities: IdentityStore, around: Surroundings) -> None:
        self._identities = identities
        self._around = around

    async def finish(
        self, linking: Linking, shown: Shown, provider: Provider, *, address: str
    ) -> None:
        """Link what somebody came back with to the account from which they went.

        Harmless when it is linked to it already.

        Raises: Unauthorized, when that session has ended meanwhile; IdentityTaken, IdentityGone.
        """
        living = await self._around.sessions.living(
            linking.account_id, now=self._around.clock.now()
        )
        if linking.session_id not in {session.id for session in living}:
            raise Unauthorized
        account = await self._around.accounts.find(linking.account_id)
        holder = await self._identities.holder(shown.identity)
        if holder is None:
            await self.link(
                account, shown, provider, address=address, session_id=linking.session_id
            )
        elif holder.id != account.id:
            raise IdentityTaken

    async def link(
        self,
        account: Account,
        shown: Shown,
        provider: Provider,
        *,
        address: str,
        session_id: SessionId | None,
    ) -> None:
        """Let an identity into an account; `session_id` is where that was asked for.

        Raises: IdentityTaken, IdentityGone.
        """
        linked = LinkedIdentity(
            id=self._around.chance.new_id(),
            identity=shown.identity,
            account_id=account.id,
            email=usable_email(shown),
            is_source=False,
            linked_at=self._around.clock.now(),
        )
        await self._identities.link(
            linked, _act(Kind.IDENTITY_LINKED, account.id, address, session_id)
        )
        log.info("identity_linked", user_id=account.id, provider=provider.name)
        await self._tell(account, f"the log-in with {provider.title} was added", address)

    async def unlink(
        self, linked: LinkedIdentity, title: str, caller: Caller, *, address: str
    ) -> None:
        """Let an identity into the caller's account no longer.  Raises: NotFound, LastWayIn."""
        if linked.account_id != caller.id:
            raise NotFound
        await self._identities.unlink(
            linked.id,
            caller.id,
            _act(Kind.IDENTITY_UNLINKED, caller.id, address, caller.session_id),
            self._around.clock.now(),
        )
        log.info("identity_unlinked", user_id=caller.id)
        account = await self._around.accounts.find(caller.id)
        await self._tell(account, f"the log-in with {title} was removed", address)

    async def _tell(self, account: Account, what: str, address: str) -> None:
        if not account.email:
            return
        now = self._around.clock.now()
        fields = {"what": what, "at": shown_time(now), "address": address}
        letter = Letter(LetterKind.IDENTITY_CHANGED, account.email, fields)
        await self._around.mailbox.post(letter, account_id=account.id)


def _act(kind: Kind, account_id: PersonId, address: str, session_id: SessionId | None) -> Act:
    return Act(
        kind=kind,
        actor_id=account_id,
        subject_id=account_id,
        outcome="done",
        address=address,
        session_id=session_id,
    )
