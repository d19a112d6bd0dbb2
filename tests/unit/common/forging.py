"""Alice's genuine token and the means to forge others: any header, any claims, any signature."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from uuid import UUID

from joserfc.jwk import OKPKey

from libs.common.contracts.ids import PersonId, RoomId, SessionId
from libs.common.contracts.people import Person, PersonKind
from libs.common.tokens.access import AccessTokens, Verifier
from libs.common.tokens.keys import PublicKey, SigningKey, SigningKeys
from libs.common.tokens.revoked import RevokedSessions
from tests.support.clock import TEN_O_CLOCK, CountedChance

NOW = TEN_O_CLOCK
LIFE_S = 900
ISSUER = "https://chat.example"
AUDIENCES = {
    PersonKind.USER: "hubbub",
    PersonKind.BOT: "hubbub",
    PersonKind.GUEST: "hubbub-guest",
}
ALICE = Person(kind=PersonKind.USER, id=PersonId(UUID(int=1)), name="Alice")
GUEST = Person(kind=PersonKind.GUEST, id=PersonId(UUID(int=2)), name="Passer-by")
SESSION = SessionId(UUID(int=10))
ROOM = RoomId(UUID(int=20))

# Made once: a key pair costs more than all the rest of a test.
KEYS = SigningKeys.generate(NOW, lead_s=600, overlap_s=1000)
KEY = KEYS.keys[0]
STRANGER = SigningKey.generate(NOW)


class KeyRing:
    """A set of public keys that does not change by itself."""

    def __init__(self, *keys: PublicKey) -> None:
        self.keys = {key.kid: key for key in keys}

    def find(self, kid: str) -> PublicKey | None:
        return self.keys.get(kid)


def minter() -> AccessTokens:
    return AccessTokens(
        KEYS, issuer=ISSUER, audiences=AUDIENCES, life_s=LIFE_S, chance=CountedChance()
    )


def verifier(
    *,
    keys: KeyRing | None = None,
    audiences: Mapping[PersonKind, str] = AUDIENCES,
    leeway_s: float = 0.0,
    revoked: RevokedSessions | None = None,
) -> Verifier:
    return Verifier(
        keys or KeyRing(KEY.public),
        issuer=ISSUER,
        audiences=audiences,
        leeway_s=leeway_s,
        revoked=revoked or RevokedSessions(),
    )


def header(**changes: object) -> dict[str, object]:
    return {"alg": "Ed25519", "kid": KEY.kid, "typ": "at+jwt", **changes}


def claims(**changes: object) -> dict[str, object]:
    return {
        "iss": ISSUER,
        "aud": "hubbub",
        "sub": str(ALICE.id),
        "sid": str(SESSION),
        "jti": str(UUID(int=30)),
        "iat": int(NOW),
        "nbf": int(NOW),
        "exp": int(NOW) + LIFE_S,
        "kind": "user",
        "name": "Alice",
        **changes,
    }


def without(members: dict[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in members.items() if key != name}


def forge(head: object, body: object, *, key: SigningKey = KEY) -> str:
    """Return a token whose signature is right, whatever it says."""
    signed = f"{encode(head)}.{encode(body)}"
    return f"{signed}.{base64url(sign(signed.encode(), key.jose))}"


def forge_unsigned(head: object, body: object) -> str:
    return f"{encode(head)}.{encode(body)}."


def forge_hmac(head: object, body: object, *, secret: bytes) -> str:
    signed = f"{encode(head)}.{encode(body)}"
    return f"{signed}.{base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def sign(signed: bytes, key: OKPKey) -> bytes:
    secret = key.private_key
    assert secret is not None
    assert hasattr(secret, "sign")
    return bytes(secret.sign(signed))


def encode(value: object) -> str:
    return base64url(value if isinstance(value, bytes) else json.dumps(value).encode())


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
