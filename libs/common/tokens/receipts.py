"""Receipts: a service signs that nothing of a person is left in it.

A receipt is a token of its own kind, signed with the key by which the service is known to others.
It names the erasure and, as a hash, the person: whoever knows both ids can check it, and nobody
else learns whom it was about. It never expires. Keys are replaced, so whoever keeps a receipt keeps
the public key that it was checked with.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId
from libs.common.errors import Unauthorized
from libs.common.tokens.keys import PublicKey, SigningKey
from libs.common.tokens.signed import seal, unseal

RECEIPT_TYP: Final = "erasure-receipt+jwt"


class Receipt(msgspec.Struct, frozen=True, rename={"service": "iss", "at": "iat"}):
    """`counts` says of each table or queue how many rows were deleted or emptied."""

    service: str
    erasure_id: UUID
    person_hash: str
    counts: dict[str, int]
    at: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt whose signature is right, and the public key that says so."""

    receipt: Receipt
    key: dict[str, str]


_receipts = msgspec.json.Decoder(Receipt)


class Receipts:
    """Signs for one service."""

    def __init__(self, service: str, key: SigningKey, *, clock: Clock) -> None:
        self._service = service
        self._key = key
        self._clock = clock

    def sign(self, erasure_id: UUID, person_id: PersonId, counts: Mapping[str, int]) -> str:
        """Return the receipt that all of a person is gone."""
        receipt = Receipt(
            self._service,
            erasure_id,
            person_hash(erasure_id, person_id),
            dict(counts),
            int(self._clock.now()),
        )
        return seal(msgspec.json.encode(receipt), typ=RECEIPT_TYP, key=self._key)


class ReceiptReader:
    """Checks receipts of services, whose public keys are `signers`."""

    def __init__(self, signers: Mapping[str, Sequence[PublicKey]]) -> None:
        self._keys = {key.kid: (name, key) for name, keys in signers.items() for key in keys}

    def read(self, token: str, *, service: str, erasure_id: UUID, person_id: PersonId) -> Checked:
        """Return what a service has signed about this person.  Raises: Unauthorized."""
        kid, payload = unseal(token, typ=RECEIPT_TYP, find=self._find)
        try:
            receipt = _receipts.decode(payload)
        except ValueError:
            raise Unauthorized from None
        signer, key = self._keys[kid]
        is_ours = receipt.service == signer == service and receipt.erasure_id == erasure_id
        if not is_ours or receipt.person_hash != person_hash(erasure_id, person_id):
            raise Unauthorized
        return Checked(receipt, key.to_jwk())

    def _find(self, kid: str) -> PublicKey | None:
        found = self._keys.get(kid)
        return None if found is None else found[1]


def person_hash(erasure_id: UUID, person_id: PersonId) -> str:
    """Return what a receipt calls a person: the ids together, so that no list of people fits."""
    return hashlib.sha256(erasure_id.bytes + person_id.bytes).hexdigest()
