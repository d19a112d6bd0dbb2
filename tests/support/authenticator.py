"""A passkey in software: does what a phone or a security key does, and what it must not."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT: Final = 0x01
VERIFIED: Final = 0x04
WITH_KEY: Final = 0x40
"""Flags of authenticator data.  See: Web Authentication level 2, section 6.1."""


@dataclass(slots=True)
class Passkey:
    """One credential. What a test sets differently is what goes wrong."""

    origin: str
    credential_id: bytes
    count: int = 0
    step: int = 1
    flags: int = PRESENT | VERIFIED
    handle: bytes = b""
    host: str = ""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer `navigator.credentials.create` as `PublicKeyCredential.toJSON` shows it."""
        self.handle = decoded(options["user"]["id"])
        self.host = self.host or options["rp"]["id"]
        told = self._client(options["challenge"], "webauthn.create")
        attested = (
            UUID(int=0).bytes
            + len(self.credential_id).to_bytes(2, "big")
            + self.credential_id
            + self._public()
        )
        statement = {"fmt": "none", "attStmt": {}, "authData": self._said(WITH_KEY) + attested}
        response = {
            "clientDataJSON": encoded(told),
            "attestationObject": encoded(cbor2.dumps(statement)),
            "transports": ["internal", "hybrid"],
            "publicKeyAlgorithm": -7,
        }
        return self._credential(response)

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer `navigator.credentials.get`."""
        self.count += self.step
        self.host = self.host or options["rpId"]
        told, said = self._client(options["challenge"], "webauthn.get"), self._said(0)
        signature = self.key.sign(said + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(told),
            "authenticatorData": encoded(said),
            "signature": encoded(signature),
            "userHandle": encoded(self.handle),
        }
        return self._credential(response)

    def _client(self, challenge: str, kind: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _said(self, more: int) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        # EC2, ES256, P-256.  See: RFC 9053.
        key = {1: 2, 3: -7, -1: 1, -2: _bytes(numbers.x), -3: _bytes(numbers.y)}
        return cbor2.dumps(key)

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": encoded(self.credential_id),
            "rawId": encoded(self.credential_id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }


def encoded(value: bytes) -> str:
    """Return bytes as browsers write them."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return what `encoded` wrote."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "big")
