"""Every kind of token that a person may show at a public door.

    hbt_...                            an API token: auth is asked
    a JWT that names our issuer        an access token: checked by its signature
    anything else                      another issuer's, if auth trusts one: auth is asked

What a token says of its issuer only chooses who is asked: it is believed by nobody.
"""

import base64
import binascii
from typing import Final

import msgspec

from libs.common.clock import Clock
from libs.common.contracts.introspection import Introspected
from libs.common.contracts.scopes import Scope
from libs.common.http.people import Caller, Verifier
from libs.common.http.settings import HttpSettings
from libs.common.ratelimit import Limit, RateLimiter
from libs.common.tokens.api_tokens import is_api_token
from libs.common.tokens.introspection import Introspection

OPEN_S: Final = 900.0
"""What was opened with such a token is to be shown it again so often: as with access tokens, the
longest that a revoked one can linger where nobody hears of its end.
"""

MAX_LIMITED: Final = 10_000
"""Tokens whose pace is remembered."""

SCOPES: Final = {str(scope): scope for scope in Scope}


class AnyToken:
    """The `Verifier` of a public door. `pace` is how often one opaque token may be shown."""

    def __init__(
        self,
        signed: Verifier,
        introspection: Introspection,
        *,
        issuer: str,
        pace: Limit,
        clock: Clock,
    ) -> None:
        self._signed = signed
        self._introspection = introspection
        self._issuer = issuer
        self._paces = RateLimiter(pace, max_keys=MAX_LIMITED)
        self._clock = clock

    async def verify(self, token: str, now: float) -> Caller:
        """Return whose token it is.  Raises: Unauthorized, Unavailable, TooMany."""
        if is_api_token(token):
            return self._caller(await self._introspection.api_token(token, now), now)
        if issuer_of(token) == self._issuer:
            return await self._signed.verify(token, now)
        return self._caller(await self._introspection.foreign(token, now), now)

    def _caller(self, found: Introspected, now: float) -> Caller:
        self._paces.take(found.session_id, self._clock.monotonic())
        return Caller(
            id=found.person_id,
            kind=found.kind,
            name=found.name,
            session_id=found.session_id,
            expires_at=min(found.expires_at, now + OPEN_S),
            scopes=frozenset(SCOPES[one] for one in found.scopes if one in SCOPES),
        )


def pace_of(settings: HttpSettings) -> Limit:
    """Return how often an operator lets one opaque token be shown."""
    return Limit(settings.http_token_requests_per_s, settings.http_token_requests_burst)


class _Issued(msgspec.Struct):
    iss: str = ""


_issued = msgspec.json.Decoder(_Issued)


def issuer_of(token: str) -> str | None:
    """Return whom a JWT names as its issuer, unproven; None for what is no JWT."""
    parts = token.split(".")
    if len(parts) != 3:  # header, payload, signature
        return None
    try:
        payload = base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), b"-_", validate=True)
        return _issued.decode(payload).iss
    except (binascii.Error, ValueError):
        return None
