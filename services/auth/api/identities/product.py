"""The one other product whose tokens are good here: asks it about them, or checks its signatures.

Which product that is, and where it is asked, is the operator's to say. Nothing in a token has a say
in it: its header chooses among the keys that the product publishes and among the algorithms that we
take, nothing else.
"""

import asyncio
import base64
import json
from typing import Any

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from libs.common.clock import Clock
from libs.common.http.verifying import issuer_of
from services.auth.api.identities.fetching import Fetching
from services.auth.core.identities import foreign
from services.auth.core.identities.foreign import Foreign
from services.auth.core.identities.id_tokens import ALGORITHMS
from services.auth.core.identities.refusals import ProviderUnavailable
from services.auth.settings.identity import IdentitySettings

log = structlog.get_logger()


class Product:
    """Knows whom its tokens are about."""

    def __init__(self, settings: IdentitySettings, fetching: Fetching, *, clock: Clock) -> None:
        self._settings = settings
        self._fetching = fetching
        self._clock = clock
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    @property
    def is_trusted(self) -> bool:
        return bool(self._settings.introspection_issuer)

    async def whose(self, token: str) -> Foreign | None:
        """Return whom a token is about, None if it is good for nothing.

        Raises: ProviderUnavailable.
        """
        issuer, audience = (
            self._settings.introspection_issuer,
            self._settings.introspection_audience,
        )
        now = self._clock.now()
        if issuer is None:
            return None
        if self._settings.introspection_url is not None:
            claims = await self._introspected(token, self._settings.introspection_url)
            return foreign.introspected(claims, issuer=issuer, audience=audience, now=now)
        if issuer_of(token) != issuer or self._settings.introspection_jwks_url is None:
            return None
        verified = await self._verified(token, self._settings.introspection_jwks_url)
        if verified is None:
            return None
        return foreign.signed(verified, issuer=issuer, audience=audience, now=now)

    async def _introspected(self, token: str, url: str) -> dict[str, Any]:
        """Ask about a token.  See: RFC 7662 section 2.1."""
        request = httpx.Request(
            "POST",
            url,
            headers={"accept": "application/json", "authorization": self._credentials()},
            data={"token": token, "token_type_hint": "access_token"},
        )
        async with self._fetching.transport() as transport:
            response = await transport.handle_async_request(request)
            if response.status_code != httpx.codes.OK:
                raise httpx.RemoteProtocolError(f"answers {response.status_code}", request=request)
        return _json(response.content)

    def _credentials(self) -> str:
        settings = self._settings
        secret = settings.introspection_client_secret
        pair = f"{settings.introspection_client_id}:{secret.get_secret_value() if secret else ''}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    async def _verified(self, token: str, url: str) -> dict[str, Any] | None:
        """Return the claims of a token that the product has signed."""
        for max_age_s in (self._settings.keep_s, self._settings.refetch_s):
            keys = await self._published(url, max_age_s=max_age_s)
            try:
                claims: dict[str, Any] = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
                return claims
            except (JoseError, ValueError, TypeError) as error:
                log.info("foreign_token_refused", reason=type(error).__name__)
        return None

    async def _published(self, url: str, *, max_age_s: float) -> KeySet:
        """Return the product's keys, asked for again when they are older than that."""
        async with self._asking:
            now = self._clock.monotonic()
            if self._keys is None or now - self._asked_at >= max_age_s:
                document = await self._fetching.get(url)
                try:
                    self._keys = KeySet.import_key_set(_json(document))  # type: ignore[arg-type]
                except (JoseError, KeyError, ValueError, TypeError) as error:
                    log.error("foreign_keys_unreadable", reason=type(error).__name__)
                    raise ProviderUnavailable from None
                self._asked_at = now
            return self._keys


def _json(document: bytes) -> dict[str, Any]:
    try:
        said = json.loads(document)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ProviderUnavailable
    return said
