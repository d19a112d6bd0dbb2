"""Service tokens: how one service proves to another who is calling.

Every service is its own issuer with its own key and knows the public keys of those who may call
it. A token names the callee, lives for minutes and is of its own kind, so a person's token opens
no internal door and a service's token no public one.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from libs.common.clock import Clock
from libs.common.errors import Unauthorized
from libs.common.tokens.keys import PublicKey, SigningKey
from libs.common.tokens.signed import check_leeway, check_window, seal, unseal

SERVICE_TYP: Final = "svc+jwt"

SERVICE_LIFE_S: Final = 300
"""Long enough to be reused by many calls, short enough that a leaked one is soon worthless."""

RENEW_BEFORE_S: Final = 120
"""A call made with a token this close to its end may still arrive late and by a fast clock."""


class _ServiceClaims(
    msgspec.Struct,
    frozen=True,
    rename={
        "issuer": "iss",
        "audience": "aud",
        "issued_at": "iat",
        "not_before": "nbf",
        "expires_at": "exp",
    },
):
    issuer: str
    audience: str
    issued_at: int
    not_before: int
    expires_at: int


_claims = msgspec.json.Decoder(_ServiceClaims)


class ServiceTokens:
    """Mints the tokens with which one service calls others."""

    def __init__(self, service: str, key: SigningKey, *, clock: Clock) -> None:
        self._service = service
        self._key = key
        self._clock = clock
        self._minted: dict[str, tuple[float, str]] = {}

    def mint(self, audience: str) -> str:
        """Return a token for calls to `audience`; the same one until it nears its end."""
        now = self._clock.now()
        renew_at, token = self._minted.get(audience, (0.0, ""))
        # A clock set back by more than a token's life would otherwise keep a token of the future.
        if not renew_at - SERVICE_LIFE_S <= now < renew_at:
            token = self._seal(audience, int(now))
            self._minted[audience] = (now + SERVICE_LIFE_S - RENEW_BEFORE_S, token)
        return token

    def _seal(self, audience: str, now: int) -> str:
        claims = _ServiceClaims(
            issuer=self._service,
            audience=audience,
            issued_at=now,
            not_before=now,
            expires_at=now + SERVICE_LIFE_S,
        )
        return seal(msgspec.json.encode(claims), typ=SERVICE_TYP, key=self._key)


class ServiceVerifier:
    """Checks tokens of the services that may call this one.

    `callers` lists for each its public keys: two while its key is being replaced.
    """

    def __init__(
        self, service: str, *, callers: Mapping[str, Sequence[PublicKey]], leeway_s: float
    ) -> None:
        self._service = service
        self._leeway_s = check_leeway(leeway_s)
        self._keys = {key.kid: key for keys in callers.values() for key in keys}
        self._owner = {key.kid: name for name, keys in callers.items() for key in keys}

    def verify(self, token: str, now: float) -> str:
        """Return the name of the calling service.  Raises: TokenExpired, Unauthorized."""
        kid, payload = unseal(token, typ=SERVICE_TYP, find=self._keys.get)
        try:
            claims = _claims.decode(payload)
        except ValueError:
            raise Unauthorized from None
        # A caller signs for itself only: the issuer is the owner of the very key that signed.
        if claims.issuer != self._owner[kid] or claims.audience != self._service:
            raise Unauthorized
        if claims.expires_at - claims.issued_at > SERVICE_LIFE_S:
            raise Unauthorized
        check_window(
            now,
            not_before=claims.not_before,
            expires_at=claims.expires_at,
            leeway_s=self._leeway_s,
        )
        return claims.issuer
