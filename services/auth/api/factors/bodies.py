"""What clients send and get around second factors and passkeys.

A `Credential` is what browsers make of a passkey's answer (`PublicKeyCredential.toJSON()`); members
of it that a later standard adds are dropped. `options` are what they are asked with.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.common.times import rfc3339, rfc3339_if
from services.auth.api.bodies import Body, Name, Typed
from services.auth.model.passkeys import Passkey

T = TypeVar("T")

Encoded = Annotated[str, Field(max_length=65_536)]
"""Bytes in base64url. An answer with the longest id, a key and an attestation has some thousand."""


class FromBrowser(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class CredentialResponse(FromBrowser):
    """With `attestation_object` when a passkey was made, with the two after it when it signed."""

    client_data_json: Encoded = Field(alias="clientDataJSON")
    attestation_object: Encoded | None = Field(default=None, alias="attestationObject")
    authenticator_data: Encoded | None = Field(default=None, alias="authenticatorData")
    signature: Encoded | None = None
    user_handle: Encoded | None = Field(default=None, alias="userHandle")
    transports: list[str] | None = Field(default=None, max_length=16)


class Credential(FromBrowser):
    id: Encoded
    raw_id: Encoded = Field(alias="rawId")
    type: Literal["public-key"]
    response: CredentialResponse

    def plain(self) -> dict[str, Any]:
        """Return the JSON that it came as."""
        return self.model_dump(by_alias=True, exclude_none=True)


class PasskeyAnswer(Body):
    """`challenge_id` came with the options."""

    challenge_id: UUID
    credential: Credential


class NewPasskey(PasskeyAnswer):
    """`name` is what it is called in its owner's list."""

    name: Name


class PasskeyLogin(PasskeyAnswer):
    """As `Login`, without an address: the passkey says whose it is."""

    cookie: bool = False
    device: Name | None = None


class PasskeyOptions(Body):
    challenge_id: UUID
    options: dict[str, Any]


class Code(Body):
    """Six digits of an authenticator app."""

    code: Typed


class Challenge(Body):
    """As it came with `second_factor_required`."""

    challenge: Typed


class SecondFactor(Challenge):
    """Exactly one of the two; a `code` is one of the app, or a recovery code."""

    code: Typed | None = None
    passkey: PasskeyAnswer | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        return _one_of(self, (self.code, self.passkey))


class StepUp(Body):
    """Exactly one of the three."""

    password: Typed | None = None
    code: Typed | None = None
    passkey: PasskeyAnswer | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        return _one_of(self, (self.password, self.code, self.passkey))


class TotpOffered(Body):
    """`uri` is for a QR code, `secret` for those who type it."""

    secret: str
    uri: str


class RecoveryCodes(Body):
    """Shown this once."""

    recovery_codes: list[str]


class PasskeyShown(Body):
    id: UUID
    name: str
    created_at: str
    last_used_at: str | None

    @classmethod
    def of(cls, passkey: Passkey) -> "PasskeyShown":
        return cls(**_shown(passkey))


class PasskeyAdded(PasskeyShown):
    """`recovery_codes` are there when it is the first second factor, and shown this once."""

    recovery_codes: list[str] | None

    @classmethod
    def with_codes(cls, passkey: Passkey, codes: list[str] | None) -> "PasskeyAdded":
        return cls(**_shown(passkey), recovery_codes=codes)


class SecondFactors(Body):
    """`passkeys_available`: whether browsers offer passkeys for this server's address."""

    totp: bool
    recovery_codes_left: int
    passkeys: list[PasskeyShown]
    passkeys_available: bool


def _shown(passkey: Passkey) -> dict[str, Any]:
    used_at = passkey.last_used_at
    return {
        "id": passkey.id,
        "name": passkey.name,
        "created_at": rfc3339(passkey.created_at),
        "last_used_at": rfc3339_if(used_at),
    }


def _one_of(body: T, proofs: Sequence[object]) -> T:
    if sum(proof is not None for proof in proofs) != 1:
        raise ValueError("must hold exactly one proof")
    return body
