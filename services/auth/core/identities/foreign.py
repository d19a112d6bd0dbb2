"""What a token of another product proves of whoever shows it here.

It is the product's own access token, made for nobody's log-in with us: so there is no nonce and no
short age, only an issuer, an audience, a subject and an end.

See: RFC 7662 section 2.2, RFC 7519 section 4.1, RFC 8725.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid5

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.scopes import Scope
from services.auth.core.identities.id_tokens import LEEWAY_S, shown
from services.auth.model.identities import MAX_SUBJECT_CHARS, Identity, Shown

SCOPES: Final = frozenset(Scope) - {Scope.ADMIN}
"""What such a token is good for: all that belongs to the chat, nothing that belongs to accounts."""

UNSAID_LIFE_S: Final = 300.0
"""How long a token is taken to be good whose issuer calls it active without saying until when."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Whom a token is about. `log_in` is the issuer's name for one log-in, if it tells."""

    shown: Shown
    log_in: str
    expires_at: float

    def session_id(self, account_id: PersonId) -> SessionId:
        """Return what stands here for that log-in, whatever token of it is shown."""
        identity = self.shown.identity
        return SessionId(uuid5(account_id, f"{identity.issuer}\0{self.log_in}"))


def introspected(
    claims: Mapping[str, Any], *, issuer: str, audience: str, now: float
) -> Foreign | None:
    """Return whom an answer to an introspection is about, None unless it says that it is good."""
    if claims.get("active") is not True or claims.get("iss", issuer) != issuer:
        return None
    if audience and not _is_for(audience, claims):
        return None
    return _foreign(
        claims, issuer, ends_at=_time(claims, "exp", unsaid=now + UNSAID_LIFE_S), now=now
    )


def signed(claims: Mapping[str, Any], *, issuer: str, audience: str, now: float) -> Foreign | None:
    """Return whom a token is about whose signature is the issuer's, None if it is not for us."""
    if claims.get("iss") != issuer or not _is_for(audience, claims):
        return None
    return _foreign(claims, issuer, ends_at=_time(claims, "exp", unsaid=None), now=now)


def _foreign(
    claims: Mapping[str, Any], issuer: str, *, ends_at: float | None, now: float
) -> Foreign | None:
    begins_at = _time(claims, "nbf", unsaid=now)
    if ends_at is None or ends_at <= now or begins_at is None or begins_at > now + LEEWAY_S:
        return None
    subject, log_in = claims.get("sub"), claims.get("sid", "")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_CHARS:
        return None
    if not subject.isprintable() or not isinstance(log_in, str):
        return None
    said = shown(Identity(issuer, subject), claims, trusts_email=False)
    return Foreign(said, log_in, ends_at)


def _is_for(audience: str, claims: Mapping[str, Any]) -> bool:
    named = claims.get("aud")
    return audience in (named if isinstance(named, list) else [named])


def _time(claims: Mapping[str, Any], name: str, *, unsaid: float | None) -> float | None:
    """Return a time, `unsaid` if the claim is missing, None if it is none."""
    value = claims.get(name, unsaid)
    is_time = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_time else None
