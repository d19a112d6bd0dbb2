"""How somebody without a socket hears what a socket is closed with."""

from collections.abc import Mapping
from typing import Final

from libs.common.errors import ChatError, Draining, TooMany, Unavailable
from libs.common.tokens.access import SessionRevoked
from libs.common.tokens.signed import TokenExpired
from services.gateway.core.refusals import CloseCode

REFUSALS: Final[Mapping[CloseCode, type[ChatError]]] = {
    CloseCode.UNAUTHENTICATED: SessionRevoked,
    CloseCode.DISABLED: SessionRevoked,
    CloseCode.REPLACED: TooMany,
    CloseCode.RESTART: Draining,
    CloseCode.SLOW: Unavailable,
}


def refusal_of(code: CloseCode, reason: str, *, retry_after_ms: int | None) -> ChatError:
    """Return the refusal that says the same as a close."""
    if reason == "expired":
        return TokenExpired()
    kind = REFUSALS.get(code, ChatError)
    return kind(retry_after_ms=None if kind is SessionRevoked else retry_after_ms)
