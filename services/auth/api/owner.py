"""How a server gets its owner: by the link that its start shows, or by whoever runs it."""

from collections.abc import Callable

import structlog

from libs.common.chance import Chance
from libs.common.clock import Clock
from services.auth.core.accounts import email_key
from services.auth.core.links import hashed, link
from services.auth.model.accounts import Account
from services.auth.settings.general import AuthSettings
from services.auth.store.accounts import AccountStore
from services.auth.store.owner_token import OwnerTokenStore

log = structlog.get_logger()

Announce = Callable[[str], None]
"""Shows the link to whoever runs the server, and to nobody else."""


class FirstOwner:
    """Makes the link. Each start makes a new one, and the one before is void."""

    def __init__(
        self,
        store: OwnerTokenStore,
        announce: Announce,
        *,
        settings: AuthSettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._store = store
        self._settings = settings
        self._announce = announce
        self._clock = clock
        self._chance = chance

    async def invite(self) -> None:
        """Announce a link, unless the server has an owner."""
        token = self._chance.token()
        expires_at = self._clock.now() + self._settings.setup_life_s
        if await self._store.replace(hashed(token), expires_at=expires_at):
            log.info("owner_link_made")
            self._announce(link(self._settings.public_url, "setup", token))


async def make_owner(accounts: AccountStore, email: str, *, clock: Clock) -> Account:
    """Make the account of this address an owner of the system; may be repeated.

    For whoever can reach the database; no endpoint does this.  Raises: AccountNotFound.
    """
    account = await accounts.make_owner(email_key(email), now=clock.now())
    log.info("owner_made", user_id=account.id)
    return account
