"""Whether a webhook is from whom it says, is fresh, and which one it is.

    Standard Webhooks, Svix    {webhook,svix}-{id,timestamp,signature}; base64 HMAC-SHA256 over
                               `id.timestamp.body` by the bytes of a `whsec_...` secret
    Keycloak's extension       X-Keycloak-Signature: hex HMAC-SHA256 over the body by the secret's
                               text; id and time are members of the body, so they are signed too

What is signed is the body as it came: what a parser makes of it and writes again is another text.

See: the specification of Standard Webhooks, "Verifying webhook authenticity".
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from services.auth.core.identities.refusals import InvalidWebhook

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what secrets begin with
VERSION: Final = "v1"
NAMES: Final = ("webhook", "svix")
KEYCLOAK: Final = "x-keycloak-signature"

MAX_ID_CHARS: Final = 256
MAX_SIGNATURES: Final = 16
"""Signatures in one header: a sender that rotates its secret sends two."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A webhook that is what it says: its id, and when it was sent."""

    id: str
    sent_at: float


class _Stamped(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    uid: str
    time: int


def check_standard(
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Sequence[str],
    now: float,
    tolerance_s: float,
) -> Signed:
    """Return which webhook this is, by Standard Webhooks' headers or those of Svix.

    Raises: InvalidWebhook.
    """
    for name in NAMES:
        if f"{name}-signature" in headers:
            break
    else:
        raise InvalidWebhook
    webhook_id, timestamp = headers.get(f"{name}-id", ""), headers.get(f"{name}-timestamp", "")
    if not 0 < len(webhook_id) <= MAX_ID_CHARS or not timestamp.isdecimal():
        raise InvalidWebhook
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    wanted = [hmac.digest(_key(secret), signed, "sha256") for secret in secrets]
    given = _signatures(headers[f"{name}-signature"])
    if not _is_any(given, wanted):
        raise InvalidWebhook
    return _fresh(Signed(webhook_id, float(timestamp)), now=now, tolerance_s=tolerance_s)


def check_keycloak(
    headers: Mapping[str, str],
    body: bytes,
    *,
    secrets: Sequence[str],
    now: float,
    tolerance_s: float,
) -> Signed:
    """Return which webhook of Keycloak's extension this is.  Raises: InvalidWebhook."""
    try:
        given = [bytes.fromhex(headers.get(KEYCLOAK, ""))]
    except ValueError:
        raise InvalidWebhook from None
    wanted = [hmac.digest(secret.encode(), body, "sha256") for secret in secrets]
    if not _is_any(given, wanted):
        raise InvalidWebhook
    try:
        stamped = _Stamped.model_validate_json(body)
    except ValidationError:
        raise InvalidWebhook from None
    return _fresh(Signed(stamped.uid, stamped.time / 1_000), now=now, tolerance_s=tolerance_s)


def seen_by(source: str, webhook_id: str) -> bytes:
    """Return what is kept of a webhook that was obeyed; ids are unique to their source."""
    return hashlib.sha256(f"{source}\0{webhook_id}".encode()).digest()


def _fresh(signed: Signed, *, now: float, tolerance_s: float) -> Signed:
    if abs(now - signed.sent_at) > tolerance_s:
        raise InvalidWebhook
    return signed


def _is_any(given: Sequence[bytes], wanted: Sequence[bytes]) -> bool:
    """Compare each with each, whatever was found before: the time tells nothing."""
    found = [hmac.compare_digest(one, other) for one in given for other in wanted]
    return any(found)


def _signatures(header: str) -> list[bytes]:
    pairs = [part.partition(",") for part in header.split()[:MAX_SIGNATURES]]
    return [_decoded(text) for version, _, text in pairs if version == VERSION]


def _key(secret: str) -> bytes:
    """Return the key: the text is base64 with its prefix, and itself the key without."""
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    return _decoded(secret.removeprefix(SECRET_PREFIX))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
