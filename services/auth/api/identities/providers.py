"""All providers, by name, and the log-ins that are on their way to them."""

from collections.abc import Iterator
from typing import Final

from starlette.requests import Request

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.http.reply import Cookie
from services.auth.api.identities.fetching import Fetching
from services.auth.api.identities.flow_cookie import SEALS_LOGINS, FlowCookie
from services.auth.api.identities.provider import ProviderClient
from services.auth.core.identities.refusals import UnknownProvider
from services.auth.core.keys import derived
from services.auth.model.identities import Flow, Linking
from services.auth.settings.general import AuthSettings
from services.auth.settings.identity import IdentitySettings, Provider

CALLBACK: Final = "/v1/auth/oidc/{provider}/callback"


class Providers:
    """Knows the providers."""

    def __init__(
        self, settings: IdentitySettings, own: AuthSettings, *, clock: Clock, chance: Chance
    ) -> None:
        fetching = Fetching(settings)
        self._login_life_s = settings.login_life_s
        self._clock = clock
        self._chance = chance
        secret = own.secret.get_secret_value()
        self.cookie = FlowCookie(derived(secret, SEALS_LOGINS), is_secure=own.is_tls)
        self._clients = {
            provider.name: ProviderClient(
                provider,
                fetching,
                settings=settings,
                redirect_uri=own.public_url + CALLBACK.format(provider=provider.name),
                clock=clock,
            )
            for provider in settings.listed_providers()
        }

    def __iter__(self) -> Iterator[Provider]:
        return (client.provider for client in self._clients.values())

    def client(self, name: str) -> ProviderClient:
        """Return what speaks with a provider.  Raises: UnknownProvider."""
        if name not in self._clients:
            raise UnknownProvider
        return self._clients[name]

    def of_issuer(self, issuer: str) -> Provider | None:
        """Return the provider that calls itself so."""
        return next((provider for provider in self if provider.issuer == issuer), None)

    async def begin(
        self, name: str, *, linking: Linking | None, invite: str | None
    ) -> tuple[str, Cookie]:
        """Return where the browser goes, and what it keeps until it comes back.

        Raises: UnknownProvider, ProviderUnavailable, IdentityInvalid.
        """
        now = self._clock.now()
        flow = Flow(
            provider=name,
            state=self._chance.token(),
            nonce=self._chance.token(),
            verifier=self._chance.token(),
            expires_at=now + self._login_life_s,
            linking=linking,
            invite=invite,
        )
        location = await self.client(name).location(flow)
        return location, self.cookie.keeping(flow, now=now)

    def begun(self, request: Request) -> Flow | None:
        """Return the log-in that this browser began last, or None."""
        return self.cookie.read(request)
