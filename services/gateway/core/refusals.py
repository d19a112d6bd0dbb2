"""The refusals that only the gateway makes, and the codes with which it closes."""

from enum import IntEnum
from typing import Final

from libs.common.errors import ChatError, Conflict, Forbidden, Invalid, Unauthorized


class DuplicateRef(Invalid):
    code = "duplicate_ref"
    message = "A command with this ref is still waiting for its answer."


class AlreadyAuthenticated(Conflict):
    code = "already_authenticated"
    message = "This connection knows who you are."


class LimitExceeded(Conflict):
    code = "limit_exceeded"
    message = "This connection listens to as many rooms as it may."


class Busy(Conflict):
    message = "This room is being joined already, or was left meanwhile."


class Gone(ChatError):
    status = 410
    code = "gap"
    retryable = False
    message = "These events are not kept. Read the room's history instead."


class CloseCode(IntEnum):
    """See: docs/protocol.md, section 9."""

    UNSUPPORTED = 1003
    NOT_UTF8 = 1007
    TOO_LARGE = 1009
    OUR_FAULT = 1011
    RESTART = 1012
    LATER = 1013
    BAD_FRAMES = 4400
    UNAUTHENTICATED = 4401
    DISABLED = 4403
    AUTH_TIMEOUT = 4408
    REPLACED = 4409
    SLOW = 4410
    SILENT = 4411
    FLOOD = 4429


BROKEN: Final = 1002
"""What the library closes with when a frame is none."""

FAULTS: Final[frozenset[int]] = frozenset(
    {
        BROKEN,
        CloseCode.UNSUPPORTED,
        CloseCode.NOT_UTF8,
        CloseCode.TOO_LARGE,
        CloseCode.BAD_FRAMES,
        CloseCode.FLOOD,
    }
)
"""Closed for what the client sent; no client of good will comes to that often."""


def reason_of(refusal: ChatError) -> str:
    """Return why a token was refused, in the word that a close frame carries; nothing when it was
    not the token's fault.
    """
    if not isinstance(refusal, Unauthorized | Forbidden):
        return ""
    reasons = {"token_expired": "expired", "session_revoked": "revoked"}
    return reasons.get(refusal.code, "invalid")
