"""Every code by which anything here refuses, over HTTP or in a frame.

A refusal is declared beside the rule that raises it, in whichever service. This is the list of them
all for those who speak to clients and have only their own service's code; a test holds it to the
classes.

Law: additive only. Clients decide by these words.

See: docs/protocol.md, section 8.
"""

from typing import Final

ERROR_CODES: Final = (
    "account_disabled",
    "already_authenticated",
    "bad_json",
    "body_timeout",
    "conflict",
    "draining",
    "duplicate_ref",
    "email_taken",
    "forbidden",
    "foreign_origin",
    "gap",
    "idempotency_conflict",
    "internal",
    "invalid",
    "invalid_credentials",
    "invalid_owner_token",
    "limit_exceeded",
    "method_not_allowed",
    "muted",
    "not_found",
    "not_member",
    "not_ready",
    "rate_limited",
    "registration_closed",
    "room_full",
    "room_not_open",
    "room_read_only",
    "session_revoked",
    "slow_mode",
    "timeout",
    "title_taken",
    "token_expired",
    "too_large",
    "too_many_rooms",
    "unauthenticated",
    "unavailable",
    "unknown_type",
    "unsupported_media_type",
    "unsupported_protocol",
)
