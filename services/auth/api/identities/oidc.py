"""Log-in at OpenID providers: out to one, and back with its answer.

    /login -> cookie, redirect to the provider ... -> /callback -> account -> cookies, redirect home

Both ends are pages that a browser opens, so a refusal is a redirect too: to the log-in page, with
its code behind the `#`. No part of any address to which we redirect comes from the request.

Whoever is invited posts to /login instead, as an invitation must not stand in an address, and is
told where to go. It waits in the cookie for an account to be made.

See: RFC 9700 (security of OAuth 2.0), section 2.1.
"""

from typing import Final
from urllib.parse import urlencode

import structlog
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from libs.common.errors import ChatError, TooMany
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE
from libs.common.http.reply import Cookie, Reply, rendered
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from services.auth.api.identities.bodies import (
    Departure,
    InvitedLogin,
    ProviderShown,
    ProvidersShown,
)
from services.auth.api.identities.joining import Joining
from services.auth.api.identities.linking import Linker
from services.auth.api.identities.providers import CALLBACK, Providers
from services.auth.api.surroundings import Surroundings
from services.auth.core.identities.answers import check_flow, code_in
from services.auth.core.identities.refusals import (
    IdentityInvalid,
    LoginExpired,
    ProviderUnavailable,
    UnknownProvider,
)
from services.auth.core.links import hashed
from services.auth.core.proofs import SecondFactorRequired
from services.auth.model.identities import Flow
from services.auth.model.proofs import Method
from services.auth.store.identities.identities import IdentityStore

log = structlog.get_logger()

SEE_OTHER: Final = 303

HOME: Final = "/"
LOGIN: Final = "/login"
IDENTITIES: Final = "/settings/identities"

TIMEOUT_S: Final = 45.0
"""A log-in asks its provider up to four questions, one after the other, of less than 10 s each."""


class OidcApi:
    """The endpoints of log-ins at providers."""

    def __init__(
        self,
        providers: Providers,
        identities: IdentityStore,
        *,
        joining: Joining,
        linker: Linker,
        around: Surroundings,
    ) -> None:
        self._providers = providers
        self._identities = identities
        self._joining = joining
        self._linker = linker
        self._around = around
        settings = around.identity
        self._rate = around.rates.of(
            "auth.oidc", Limit.per_minute(settings.logins_per_minute, burst=settings.logins_burst)
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/v1/auth/oidc", self.listed, admits=ANYONE),
            Endpoint(
                "GET",
                "/v1/auth/oidc/{provider}/login",
                self.login,
                admits=ANYONE,
                status=SEE_OTHER,
                timeout_s=TIMEOUT_S,
            ),
            Endpoint(
                "POST",
                "/v1/auth/oidc/{provider}/login",
                self.login_invited,
                admits=ANYONE,
                errors=(UnknownProvider, TooMany, ProviderUnavailable, IdentityInvalid),
                timeout_s=TIMEOUT_S,
            ),
            Endpoint(
                "GET",
                CALLBACK,
                self.callback,
                admits=ANYONE,
                status=SEE_OTHER,
                timeout_s=TIMEOUT_S,
            ),
        ]

    async def listed(self) -> ProvidersShown:
        """Return the providers at which one can log in."""
        return ProvidersShown(providers=[ProviderShown.of(one) for one in self._providers])

    async def login(self, provider: str, address: ClientAddress) -> Response:
        """Send the browser to a provider to log in there."""
        try:
            await self._rate.take(network_of(address))
            location, cookie = await self._providers.begin(provider, linking=None, invite=None)
        except ChatError as refusal:
            return self._refused(refusal, provider, page=LOGIN)
        return _redirect(location, cookie)

    async def login_invited(
        self, provider: str, body: InvitedLogin, address: ClientAddress
    ) -> Reply[Departure]:
        """Begin to log in at a provider with an invitation, where the browser goes next."""
        await self._rate.take(network_of(address))
        location, cookie = await self._providers.begin(provider, linking=None, invite=body.invite)
        return Reply(Departure(location=location), cookies=(cookie,))

    async def callback(
        self, provider: str, query: QueryParams, request: Request, address: ClientAddress
    ) -> Response:
        """Take the browser back from a provider, and let it in."""
        gone = self._providers.cookie.gone()
        try:
            await self._rate.take(network_of(address))
            begun = self._providers.begun(request)
            # Until here nothing is lost: whoever leads a browser to this page with an answer of
            # their own ends no log-in that is on its way.
            flow = check_flow(begun, query, provider=provider, now=self._around.clock.now())
        except ChatError as refusal:
            return self._refused(refusal, provider, page=LOGIN)
        page = IDENTITIES if flow.linking else LOGIN
        try:
            return await self._finish(flow, query, request, address=address)
        except SecondFactorRequired as more:
            asked = {"challenge": more.challenge, "methods": ",".join(more.methods)}
            return _redirect(f"{LOGIN}#{urlencode(asked, safe=',')}", gone)
        except ChatError as refusal:
            return self._refused(refusal, provider, gone, page=page)

    async def _finish(
        self,
        flow: Flow,
        query: QueryParams,
        request: Request,
        *,
        address: str,
    ) -> Response:
        client = self._providers.client(flow.provider)
        if not await self._identities.use_up(hashed(flow.state), expires_at=flow.expires_at):
            raise LoginExpired
        names_itself = await client.names_itself()
        code = code_in(query, issuer=client.provider.issuer, names_itself=names_itself)
        shown = await client.redeem(code, flow)
        gone = self._providers.cookie.gone()
        if flow.linking is not None:
            await self._linker.finish(flow.linking, shown, client.provider, address=address)
            return _redirect(IDENTITIES, gone)
        account = await self._joining.account_of(
            shown, client.provider, invite=flow.invite, address=address
        )
        reply = await self._around.entering.enter(
            account,
            request,
            device=None,
            address=address,
            by_cookie=True,
            proved_by=(Method.IDENTITY,),
            second_factor_done=client.provider.trusts_second_factor,
        )
        return _redirect(HOME, gone, *reply.cookies)

    def _refused(self, refusal: ChatError, provider: str, *cookies: Cookie, page: str) -> Response:
        reason = refusal.reason if isinstance(refusal, IdentityInvalid) else None
        cause = type(refusal.__cause__).__name__ if refusal.__cause__ else None
        log.info(
            "provider_login_refused",
            provider=provider,
            code=refusal.code,
            reason=reason,
            cause=cause,
        )
        return _redirect(f"{page}#{urlencode({'error': refusal.code})}", *cookies)


def _redirect(location: str, *cookies: Cookie) -> Response:
    response = RedirectResponse(location, status_code=SEE_OTHER)
    return rendered(Reply(response, cookies=cookies), status=SEE_OTHER)
