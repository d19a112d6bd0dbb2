"""A signed token as a sealed envelope: what may stand on the outside, and how it is opened.

The rules hold for tokens of every kind. Nothing is parsed before the size is known, the header is
read by a schema that knows three members and refuses any other (so `jku`, `x5u`, `jwk`, `crit` and
`b64` are refused by not existing), the algorithm is one, the kind (`typ`) is compared letter by
letter because joserfc accepts any, and the key comes from the verifier's own set or not at all.

See: RFC 8725 (best current practices), RFC 7515, RFC 7519.
"""

from collections.abc import Callable
from typing import Annotated, Final, Literal

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from libs.common.errors import Unauthorized
from libs.common.tokens.keys import ALGORITHM, PublicKey, SigningKey

MAX_TOKEN_BYTES: Final = 4096
"""The largest token made here has about 700 bytes; a library once took 500 MB apart before it
looked (CVE-2025-61920).
"""

MAX_LEEWAY_S: Final = 60
"""How far clocks of two machines may be apart before it is the operator's problem."""


class TokenExpired(Unauthorized):
    code = "token_expired"
    message = "This log-in has expired. Refresh it."


class UnknownKey(Unauthorized):
    """Signed with a key that is not in the verifier's set: it may be newer than the set."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: Literal["Ed25519"]
    kid: Annotated[str, msgspec.Meta(max_length=64)]
    typ: str


_headers = msgspec.json.Decoder(Header)
_registry = jws.JWSRegistry(algorithms=[ALGORITHM])


def seal(payload: bytes, *, typ: str, key: SigningKey) -> str:
    """Return a signed token of kind `typ` around `payload`."""
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": typ}
    return jws.serialize_compact(header, payload, key.jose, registry=_registry)


def unseal(token: str, *, typ: str, find: Callable[[str], PublicKey | None]) -> tuple[str, bytes]:
    """Return the id of the key that signed a token of kind `typ`, and the payload.

    Says nothing about what the payload claims.  Raises: UnknownKey, Unauthorized.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthorized
    try:
        value = token.encode("ascii")
        header = _headers.decode(urlsafe_b64decode(value.partition(b".")[0]))
    except (ValueError, RecursionError):
        raise Unauthorized from None
    if header.typ != typ:
        raise Unauthorized
    key = find(header.kid)
    if key is None:
        raise UnknownKey
    try:
        return key.kid, jws.deserialize_compact(value, key.jose, registry=_registry).payload
    except (JoseError, ValueError):
        raise Unauthorized from None


def check_leeway(leeway_s: float) -> float:
    """Return `leeway_s` if it is one that a verifier may grant.  Raises: ValueError."""
    if not 0 <= leeway_s <= MAX_LEEWAY_S:
        raise ValueError(f"leeway_s is {leeway_s}, allowed are 0 to {MAX_LEEWAY_S}")
    return leeway_s


def check_window(now: float, *, not_before: int, expires_at: int, leeway_s: float) -> None:
    """Refuse a token outside its time.  Raises: TokenExpired, Unauthorized."""
    if now >= expires_at + leeway_s:
        raise TokenExpired
    if now < not_before - leeway_s:
        raise Unauthorized
