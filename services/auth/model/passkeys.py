"""Passkeys: keys on somebody's device, of which the public half is here.

Times are seconds since 1970.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from libs.common.contracts.ids import PersonId


class Purpose(StrEnum):
    """What an answer is good for; it is good for nothing else."""

    ADD = "add"
    LOG_IN = "log_in"
    PROVE = "prove"


@dataclass(frozen=True, slots=True)
class Registered:
    """What a browser tells of a passkey that it made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an account. `sign_count` rises with each use, or is always 0."""

    id: UUID
    account_id: PersonId
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    name: str
    created_at: float
    last_used_at: float | None


@dataclass(frozen=True, slots=True)
class PasskeyChallenge:
    """What a passkey is asked to sign, once. Without `account_id`, any account may answer."""

    id: UUID
    purpose: Purpose
    account_id: PersonId | None
    challenge: bytes
    expires_at: float
