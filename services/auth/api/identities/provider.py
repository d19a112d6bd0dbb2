"""One provider: where to send people, and who it says they are when they come back.

What a provider says of itself, and its keys, are kept for a while. A token that names a key we do
not know makes us ask once more, but not more often than every few seconds: anybody can send us
here with a token of their own making only through the provider, yet keys do get replaced.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from libs.common.clock import Clock
from services.auth.api.identities.code_exchange import CodeExchange
from services.auth.api.identities.fetching import Fetching, json_object
from services.auth.core.identities.id_tokens import ALGORITHMS, check_claims, shown
from services.auth.core.identities.metadata import Metadata, document_of, read_metadata
from services.auth.core.identities.refusals import IdentityInvalid
from services.auth.model.identities import Flow, Identity, Shown
from services.auth.settings.identity import IdentitySettings, Provider


@dataclass(frozen=True, slots=True)
class _Known:
    """What a provider said of itself, at `asked_at` of a clock that never goes back."""

    metadata: Metadata
    keys: KeySet
    asked_at: float


class ProviderClient:
    """Speaks OpenID Connect with one provider."""

    def __init__(
        self,
        provider: Provider,
        fetching: Fetching,
        *,
        settings: IdentitySettings,
        redirect_uri: str,
        clock: Clock,
    ) -> None:
        self.provider = provider
        self._fetching = fetching
        self._settings = settings
        self._exchange = CodeExchange(provider, fetching, redirect_uri=redirect_uri)
        self._clock = clock
        self._known: _Known | None = None
        self._asking = asyncio.Lock()

    async def location(self, flow: Flow) -> str:
        """Return the address at the provider where a log-in goes on.

        Raises: ProviderUnavailable, IdentityInvalid.
        """
        known = await self._ask(max_age_s=self._settings.keep_s)
        return self._exchange.location(known.metadata, flow)

    async def names_itself(self) -> bool:
        """Tell whether every answer of this provider says whose it is.

        Raises: ProviderUnavailable, IdentityInvalid.
        """
        known = await self._ask(max_age_s=self._settings.keep_s)
        return known.metadata.authorization_response_iss_parameter_supported

    async def redeem(self, code: str, flow: Flow) -> Shown:
        """Exchange a code for what the provider says of whoever logged in.

        Raises: ProviderUnavailable, ProviderRefused, IdentityInvalid.
        """
        known = await self._ask(max_age_s=self._settings.keep_s)
        token = await self._exchange.redeem(known.metadata, code, flow)
        id_token, access_token = token.get("id_token"), token.get("access_token")
        if not isinstance(id_token, str):
            raise IdentityInvalid("no id_token")
        claims = await self._verified(id_token)
        identity = check_claims(
            claims,
            issuer=self.provider.issuer,
            client_id=self.provider.client_id,
            nonce=flow.nonce,
            now=self._clock.now(),
        )
        if "email" not in claims and known.metadata.userinfo_endpoint and access_token:
            claims |= await self._userinfo(known.metadata.userinfo_endpoint, access_token, identity)
        return shown(identity, claims, trusts_email=self.provider.trusts_email)

    async def _verified(self, id_token: str) -> dict[str, Any]:
        """Return the claims of a token that the provider has signed."""
        reason = ""
        for max_age_s in (self._settings.keep_s, self._settings.refetch_s):
            known = await self._ask(max_age_s=max_age_s)
            try:
                claims: dict[str, Any] = jwt.decode(
                    id_token, known.keys, algorithms=list(ALGORITHMS)
                ).claims
                return claims
            except (JoseError, ValueError, TypeError) as error:
                reason = type(error).__name__
        raise IdentityInvalid(reason)

    async def _userinfo(self, url: str, access_token: str, identity: Identity) -> dict[str, Any]:
        """Return what the provider adds; it must be about the same person, and proves nothing."""
        said = json_object(await self._fetching.get(url, token=access_token))
        if said.get("sub") != identity.subject:
            raise IdentityInvalid("sub of userinfo")
        return said

    async def _ask(self, *, max_age_s: float) -> _Known:
        """Return what is known of the provider, asked for again when it is older than that."""
        async with self._asking:
            known, now = self._known, self._clock.monotonic()
            if known is None or now - known.asked_at >= max_age_s:
                issuer = self.provider.issuer
                document = await self._fetching.get(document_of(issuer))
                metadata = read_metadata(document, issuer=issuer)
                keys = _keys(await self._fetching.get(metadata.jwks_uri))
                known = self._known = _Known(metadata, keys, now)
            return known


def _keys(document: bytes) -> KeySet:
    try:
        return KeySet.import_key_set(json_object(document))  # type: ignore[arg-type]
    except (JoseError, KeyError, ValueError, TypeError):
        raise IdentityInvalid("the provider's keys cannot be read") from None
