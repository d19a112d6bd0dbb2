"""Passkeys: what browsers are asked to sign, and whether the answer is right.

A passkey is bound to the host of `AUTH_PUBLIC_URL` and answers to pages of exactly that origin.
Every answer has to say that its user was verified (by PIN, finger or face), so a passkey is what
somebody has and what they know in one, and enough by itself to log in. What kind of device holds it
is nobody's business here: no attestation is asked for.

The library is imported where it is used: it takes a tenth of a second, and many servers never need
it. So call these functions in a thread.

See: Web Authentication level 2, sections 7.1 (adding) and 7.2 (proving).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from services.auth.core.factors.refusals import PasskeyRefused
from services.auth.model.passkeys import Passkey, Registered

TIMEOUT_MS: Final = 300_000
"""How long a browser lets its user look for the passkey; as long as the challenge is good."""

MAX_ID_BYTES: Final = 1_023
"""No credential has a longer id.  See: section 4 of the standard, "credential id"."""

TRANSPORTS: Final = frozenset({"usb", "nfc", "ble", "smart-card", "internal", "cable", "hybrid"})
"""How browsers reach a passkey; a hint for them, and the rest of what they send is dropped."""

T = TypeVar("T")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom passkeys are made for: a host, and the origin of its pages."""

    host: str
    origin: str

    @classmethod
    def at(cls, public_url: str) -> "RelyingParty | None":
        """Return the party at an address; None where browsers offer no passkeys.

        They need a name, not an IP address, and TLS unless the name is this machine's.
        """
        parts = urlsplit(public_url)
        host = parts.hostname or ""
        is_local = host == "localhost" or host.endswith(".localhost")
        if _is_ip(host) or not (parts.scheme == "https" or is_local):
            return None
        return cls(host, public_url)


def challenge_from(token: str) -> bytes:
    """Return what is to be signed, made of a random token."""
    return hashlib.sha256(token.encode()).digest()


def creation_options(
    party: RelyingParty, *, challenge: bytes, handle: bytes, name: str, known: Sequence[Passkey]
) -> Json:
    """Return what `navigator.credentials.create` is told; `known` must not be made again."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=party.host,
        rp_name=party.host,
        user_id=handle,
        user_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json_dict(options)


def request_options(party: RelyingParty, *, challenge: bytes, known: Sequence[Passkey]) -> Json:
    """Return what `navigator.credentials.get` is told; with none `known`, any passkey will do."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def registered(credential: Json, party: RelyingParty, *, challenge: bytes) -> Registered:
    """Return the passkey that a browser made.  Raises: PasskeyRefused."""
    from webauthn import verify_registration_response

    verified = _answered(
        lambda: verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    )
    if len(verified.credential_id) > MAX_ID_BYTES:
        raise PasskeyRefused
    offered = credential["response"].get("transports") or ()
    return Registered(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=tuple(sorted(TRANSPORTS.intersection(offered))),
    )


def signed(credential: Json, party: RelyingParty, *, challenge: bytes, passkey: Passkey) -> int:
    """Return how often the passkey says it was used, if it signed the challenge.

    Whether that may follow its last count is for the store to say, which holds the row.

    Raises: PasskeyRefused.
    """
    from webauthn import verify_authentication_response

    verified = _answered(
        lambda: verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    )
    return verified.new_sign_count


def credential_id(credential: Mapping[str, Any]) -> bytes:
    """Return the id of the passkey that answered.  Raises: PasskeyRefused."""
    return _decoded(str(credential["rawId"]))


def is_handle(credential: Json, handle: bytes) -> bool:
    """Tell whether an answer names this account, or none: then the passkey's id decides."""
    named = credential["response"].get("userHandle")
    return not named or _decoded(named) == handle


def _descriptors(known: Sequence[Passkey]) -> list[Any]:
    from webauthn.helpers.structs import (
        AuthenticatorTransport,
        PublicKeyCredentialDescriptor,
    )

    spoken = {transport.value: transport for transport in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id,
            transports=[spoken[name] for name in passkey.transports if name in spoken],
        )
        for passkey in known
    ]


def _decoded(text: str) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    return _answered(lambda: base64url_to_bytes(text))


def _answered(verify: Callable[[], T]) -> T:
    """Return what the library found, or refuse: all that comes in is a stranger's.

    Bytes that are no CBOR, no DER or no base64 come out of it as the errors of those who parse
    them, which is why so many kinds are caught.
    """
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify()
    except (
        WebAuthnException,
        InvalidSignature,
        UnsupportedAlgorithm,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as reason:
        raise PasskeyRefused from reason


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
