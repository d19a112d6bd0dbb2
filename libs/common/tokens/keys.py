"""Keys that sign tokens and keys that verify them: Ed25519 and nothing else.

A key's id is the thumbprint of its public half, so an id names one key wherever it came from, and
nobody can publish another key under an id that is taken.

    rotated()        lead_s                    overlap_s
    ----|-----------------------|-------------------------------|---->
        published, old signs     signs, old still verifies       old is gone

See: RFC 7638 (thumbprint), RFC 9864 (the algorithm is called Ed25519; EdDSA is deprecated).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

import msgspec
from joserfc.jwk import OKPKey

ALGORITHM: Final = "Ed25519"

JwksDocument = dict[str, list[dict[str, str]]]


class PublicKey:
    """What verifies signatures of one key."""

    def __init__(self, jose: OKPKey) -> None:
        if jose.curve_name != ALGORITHM:
            raise ValueError(f"not an Ed25519 key but {jose.curve_name}")
        self.jose = jose
        self.kid = jose.thumbprint()

    @classmethod
    def from_pem(cls, pem: str) -> Self:
        """Read what `openssl pkey -pubout` writes."""
        key = OKPKey.import_key(pem)
        if key.is_private:
            raise ValueError("this is a private key; give its public half")
        return cls(key)

    def to_pem(self) -> str:
        return self.jose.as_pem().decode()

    def to_jwk(self) -> dict[str, str]:
        """Return the key as an entry of a published key set."""
        x = str(self.jose.as_dict()["x"])
        return {
            "kty": "OKP",
            "crv": ALGORITHM,
            "x": x,
            "kid": self.kid,
            "use": "sig",
            "alg": ALGORITHM,
        }


class SigningKey:
    """A secret that signs, and when it was made (seconds since 1970)."""

    def __init__(self, jose: OKPKey, *, created: float) -> None:
        self.jose = jose
        self.created = created
        self.public = PublicKey(OKPKey.import_key(jose.as_dict(private=False)))
        self.kid = self.public.kid

    @classmethod
    def generate(cls, now: float) -> Self:
        return cls(OKPKey.generate_key(ALGORITHM), created=now)

    @classmethod
    def from_pem(cls, pem: str, *, created: float = 0.0) -> Self:
        """Read what `openssl genpkey -algorithm ed25519` writes."""
        key = OKPKey.import_key(pem)
        if not key.is_private:
            raise ValueError("this is a public key; it cannot sign")
        return cls(key, created=created)

    def to_pem(self) -> str:
        """Return the secret in the clear."""
        return self.jose.as_pem(private=True).decode()


class _StoredKey(msgspec.Struct, frozen=True):
    created: float
    pem: str


_stored_keys = msgspec.json.Decoder(list[_StoredKey])


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys of one issuer, oldest first and never none.

    `lead_s`: how long a new key is published before it signs; longer than verifiers keep their
    copy of the key set, so that none of them meets a key it has not seen. `overlap_s`: how long a
    key is published after its successor began to sign; longer than the longest token lives.
    """

    keys: tuple[SigningKey, ...]
    lead_s: float
    overlap_s: float

    @classmethod
    def generate(cls, now: float, *, lead_s: float, overlap_s: float) -> Self:
        """Make a set of one key, which signs at once. After a theft of keys this is the remedy:
        every token signed before is void.
        """
        return cls((SigningKey.generate(now),), lead_s, overlap_s)

    @classmethod
    def from_bytes(cls, stored: bytes, *, lead_s: float, overlap_s: float) -> Self:
        """Read what `to_bytes` wrote.  Raises: ValueError."""
        keys = tuple(
            SigningKey.from_pem(key.pem, created=key.created) for key in _stored_keys.decode(stored)
        )
        if not keys:
            raise ValueError("a stored key set holds at least one key")
        return cls(keys, lead_s, overlap_s)

    def to_bytes(self) -> bytes:
        """Return all keys with their secrets in the clear: whoever stores this protects it."""
        return msgspec.json.encode([_StoredKey(key.created, key.to_pem()) for key in self.keys])

    def rotated(self, now: float) -> Self:
        """Return the set with a new key, and without those that nobody needs any more."""
        kept = self._published(now)
        return type(self)((*kept, SigningKey.generate(now)), self.lead_s, self.overlap_s)

    def current(self, now: float) -> SigningKey:
        """Return the key that signs now: the newest that has been published for `lead_s`."""
        ready = [key for key in self.keys[1:] if key.created + self.lead_s <= now]
        return ready[-1] if ready else self.keys[0]

    def jwks(self, now: float) -> JwksDocument:
        """Return the public document: every key that signs now, soon, or did not long ago."""
        return {"keys": [key.public.to_jwk() for key in self._published(now)]}

    def _published(self, now: float) -> tuple[SigningKey, ...]:
        kept = [
            key
            for key, successor in pairwise(self.keys)
            if now < successor.created + self.lead_s + self.overlap_s
        ]
        return (*kept, self.keys[-1])
