"""Who somebody is elsewhere: what providers and sources say of their people.

An identity is an issuer's name for itself and its name for somebody; addresses and names change
hands, these two do not. Times are seconds since 1970.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from libs.common.contracts.ids import PersonId, SessionId

MAX_SUBJECT_CHARS = 255
"""OpenID Connect allows no more."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody at one issuer."""

    issuer: str
    subject: str

    def hashed(self) -> bytes:
        """Return what can be kept of an identity whose account is gone."""
        return hashlib.sha256(f"{self.issuer}\0{self.subject}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a provider says of whoever logged in there. `is_verified`: the address is theirs."""

    identity: Identity
    email: str | None
    is_verified: bool
    name: str | None


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An identity that lets somebody into an account. `is_source`: the account was made for it, and
    its provider says what the account's address is.
    """

    id: UUID
    identity: Identity
    account_id: PersonId
    email: str | None
    is_source: bool
    linked_at: float


@dataclass(frozen=True, slots=True)
class Linking:
    """Who wants to link what they come back with, and in which session they said so."""

    account_id: PersonId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class Flow:
    """A log-in that was sent to a provider and is expected back before `expires_at`.

    `state` comes back with the answer, `nonce` in the token; who has the `verifier` can redeem the
    code. Without `linking` it is a log-in; `invite` is the token of an invitation that may be used
    up if it makes an account.
    """

    provider: str
    state: str
    nonce: str
    verifier: str
    expires_at: float
    linking: Linking | None
    invite: str | None


class NewsKind(StrEnum):
    CREATED = "user.created"
    UPDATED = "user.updated"
    DELETED = "user.deleted"


@dataclass(frozen=True, slots=True)
class News:
    """What a source tells of one of its people. `updated_at` is the source's own time of it."""

    kind: NewsKind
    shown: Shown
    updated_at: float

    @property
    def is_gone(self) -> bool:
        return self.kind == NewsKind.DELETED


@dataclass(frozen=True, slots=True)
class Heard:
    """What was last heard of an identity, and whether it ever had an account."""

    updated_at: float
    is_gone: bool
    was_linked: bool
