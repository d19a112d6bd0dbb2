"""What makes an ID token a proof: its claims, once its signature is known to be the provider's.

See: OpenID Connect Core 1.0, section 3.1.3.7; RFC 8725.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Final

from services.auth.core.identities.refusals import IdentityInvalid
from services.auth.model.identities import MAX_SUBJECT_CHARS, Identity, Shown

ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "Ed25519",
    "EdDSA",
)
"""Signatures with a key that only the provider has. Not `none`, and nothing symmetric: there a
public key or the client's secret would sign too.
"""

LEEWAY_S: Final = 60.0
"""How far a provider's clock may be from ours."""

MAX_AGE_S: Final = 600.0
"""A token was made for this log-in, which takes no longer."""


def check_claims(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now: float
) -> Identity:
    """Return whom a token with the provider's signature is about.

    Raises: IdentityInvalid unless it was made by this issuer, for us, for this log-in, just now.
    """
    _demand(claims.get("iss") == issuer, "iss")
    _check_audience(claims, client_id)
    _check_times(claims, now)
    given = claims.get("nonce")
    _demand(isinstance(given, str) and hmac.compare_digest(given.encode(), nonce.encode()), "nonce")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_CHARS:
        raise IdentityInvalid("sub")
    _demand(subject.isprintable(), "sub")
    return Identity(issuer, subject)


def shown(identity: Identity, claims: Mapping[str, Any], *, trusts_email: bool) -> Shown:
    """Return what the provider says of somebody besides who they are.

    With `trusts_email` it need not say that it has verified the address.
    """
    email = _text(claims, "email")
    said = claims.get("email_verified")
    # Some write it as text; 1 is not what the specification means by true.
    says_so = said is True or said == "true"
    return Shown(
        identity=identity,
        email=email,
        is_verified=email is not None and (says_so or trusts_email),
        name=_text(claims, "name") or _full_name(claims) or _text(claims, "preferred_username"),
    )


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    """A token may be for several, but then it says which of them asked for it."""
    audience = claims.get("aud")
    everybody = audience if isinstance(audience, list) else [audience]
    _demand(client_id in everybody, "aud")
    party = claims.get("azp")
    _demand(party == client_id or (party is None and len(everybody) == 1), "azp")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires_at, made_at = _time(claims, "exp"), _time(claims, "iat")
    _demand(now < expires_at + LEEWAY_S, "exp")
    _demand(now - MAX_AGE_S - LEEWAY_S <= made_at <= now + LEEWAY_S, "iat")
    if "nbf" in claims:
        _demand(_time(claims, "nbf") <= now + LEEWAY_S, "nbf")


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise IdentityInvalid(name)
    return value


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _full_name(claims: Mapping[str, Any]) -> str | None:
    parts = (_text(claims, "given_name"), _text(claims, "family_name"))
    return " ".join(part for part in parts if part) or None


def _demand(is_right: bool, claim: str) -> None:
    if not is_right:
        raise IdentityInvalid(claim)
