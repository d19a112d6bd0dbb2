"""What programs act with: tokens and bots, and the door that lets them in."""

from collections.abc import Set as AbstractSet
from typing import Final

import structlog

from libs.common.http.endpoint import Endpoint
from libs.common.http.people import Verifier
from libs.common.http.settings import HttpSettings
from libs.common.http.verifying import AnyToken, pace_of
from libs.common.service import Worker
from libs.common.tokens.introspection import Introspection
from libs.common.tokens.revoked import RevokedSessions
from services.auth.api.bots import BotsApi
from services.auth.api.found_tokens import FoundTokensApi
from services.auth.api.identities.fetching import Fetching
from services.auth.api.identities.product import Product
from services.auth.api.identities.strangers import Strangers
from services.auth.api.introspection import Introspecting
from services.auth.api.surroundings import Surroundings
from services.auth.api.sweeping import MARGIN_S, sweeping
from services.auth.api.tokens import TokensApi
from services.auth.settings.identity import IdentitySettings
from services.auth.store.bots import BotStore
from services.auth.store.identities.identities import IdentityStore
from services.auth.store.tokens import TokenStore

log = structlog.get_logger()

DAY_S: Final = 86_400.0

KEEP_EXPIRED_S: Final = 7 * DAY_S
"""Whoever wonders why a program stopped still finds its token in the list."""


class Programs:
    """The parts that belong to them, wired."""

    def __init__(self, around: Surroundings, *, identity: IdentitySettings) -> None:
        self._around = around
        product = Product(identity, Fetching(identity), clock=around.clock)
        identities = IdentityStore(around.database, around.facts)
        foreign = Strangers(product, identities, around=around)
        self._tokens = TokenStore(around.database, around.facts)
        self._bots = BotStore(around.database, around.facts)
        self._introspecting = Introspecting(self._tokens, foreign, clock=around.clock)

    def endpoints(self) -> list[Endpoint]:
        parts = (
            TokensApi(self._tokens, self._bots, around=self._around),
            FoundTokensApi(self._tokens, self._bots, around=self._around),
            BotsApi(self._bots, around=self._around),
        )
        return [endpoint for part in parts for endpoint in part.endpoints()]

    def internal(self, *, callers: AbstractSet[str]) -> list[Endpoint]:
        """Return what these services may ask over internal HTTP."""
        return self._introspecting.endpoints(callers=callers)

    def door(
        self, signed: Verifier, revoked: RevokedSessions, *, issuer: str, http: HttpSettings
    ) -> AnyToken:
        """Return auth's own door: it asks nobody else."""
        clock = self._around.clock
        return AnyToken(
            signed,
            Introspection(self._introspecting, revoked, clock=clock),
            issuer=issuer,
            pace=pace_of(http),
            clock=clock,
        )

    def workers(self) -> list[Worker]:
        return [Worker("token_sweeping", self.run)]

    async def run(self) -> None:
        """Sweep again and again, for ever; a worker does this."""
        around = self._around
        await sweeping(
            self.sweep, "tokens", every_s=around.settings.sweep_every_s, clock=around.clock
        )

    async def sweep(self) -> None:
        """Delete the tokens that matter to nobody any more."""
        now = self._around.clock.now()
        await self._tokens.sweep(expired_before=now - KEEP_EXPIRED_S, refused_before=now - MARGIN_S)
