"""Sessions: one log-in of one device, kept alive by a chain of refresh tokens.

Times are seconds since 1970.
"""

from dataclasses import dataclass
from enum import StrEnum

from libs.common.contracts.ids import PersonId, SessionId
from services.auth.model.proofs import Method


class EndReason(StrEnum):
    """Why a session ended before its time."""

    LOGGED_OUT = "logged_out"
    LOGGED_OUT_EVERYWHERE = "logged_out_everywhere"
    ENDED_FROM_LIST = "ended_from_list"
    ENDED_BY_ADMIN = "ended_by_admin"
    ROLE_LOST = "role_lost"
    TOKEN_REUSED = "token_reused"  # noqa: S105 - a reason, not a token
    ACCOUNT_DISABLED = "account_disabled"
    TOO_MANY_SESSIONS = "too_many_sessions"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a password
    ERASED = "erased"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a reason, not a token
    GUEST_ENDED = "guest_ended"


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a session before its time, `at` now; its access tokens expire by themselves at
    `until`.
    """

    reason: EndReason
    at: float
    until: float


@dataclass(frozen=True, slots=True)
class Device:
    """What a session is known by in its owner's list."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session and the last link of its chain.

    `generation` counts refreshes; `token_hash` is the SHA-256 of the one refresh token that is
    good now. `client_hash` tells which client fetched that token. The session ends at `expires_at`
    unless it is refreshed, and at `ends_at` in any case. `proved_by` is what its log-in showed.
    """

    id: SessionId
    account_id: PersonId
    device: Device
    proved_by: tuple[Method, ...]
    generation: int
    token_hash: bytes
    client_hash: bytes
    created_at: float
    used_at: float
    expires_at: float
    ends_at: float
    is_revoked: bool
