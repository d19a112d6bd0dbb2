"""Identities from elsewhere: all their endpoints, put together, and what is swept of them."""

from typing import Final

import structlog

from libs.common.errors import Unavailable
from libs.common.http.endpoint import Endpoint
from libs.common.service import Worker
from services.auth.api.identities.joining import Joining
from services.auth.api.identities.linking import Linker
from services.auth.api.identities.obeying import Obeying
from services.auth.api.identities.oidc import OidcApi
from services.auth.api.identities.own import OwnIdentitiesApi
from services.auth.api.identities.providers import Providers
from services.auth.api.identities.webhooks import WebhooksApi
from services.auth.api.surroundings import Surroundings
from services.auth.store.identities.identities import IdentityStore
from services.auth.store.identities.news import NewsStore

log = structlog.get_logger()

NAME: Final = "identities"


class ExternalIdentities:
    """Log-ins at providers, the identities of one's own account, and webhooks of sources."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._identities = IdentityStore(around.database, around.facts)
        self._news = NewsStore(around.database, around.facts)

    def endpoints(self) -> list[Endpoint]:
        around, identities = self._around, self._identities
        providers = Providers(
            around.identity, around.settings, clock=around.clock, chance=around.chance
        )
        linker = Linker(identities, around)
        joining = Joining(identities, linker, around)
        obeying = Obeying(self._news, identities, around)
        oidc = OidcApi(providers, identities, joining=joining, linker=linker, around=around)
        own = OwnIdentitiesApi(providers, identities, linker=linker, around=around)
        webhooks = WebhooksApi(obeying, settings=around.identity, clock=around.clock)
        return [*oidc.endpoints(), *own.endpoints(), *webhooks.endpoints()]

    def workers(self) -> list[Worker]:
        return [Worker(NAME, self._sweep_for_ever)]

    async def sweep(self) -> None:
        """Forget log-ins that have expired, and webhooks that come no more."""
        now = self._around.clock.now()
        await self._identities.sweep(before=now)
        await self._news.sweep(before=now - self._around.identity.webhook_keep_s)

    async def _sweep_for_ever(self) -> None:
        while True:
            await self._around.clock.sleep(self._around.settings.sweep_every_s)
            try:
                await self.sweep()
            except Unavailable:
                log.warning("sweep_postponed", of=NAME)
