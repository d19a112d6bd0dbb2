// Written by `make docs` from docs/schemas/codes.json: change the models instead.

/**
 * What a client decides by. A newer release may have more. Written by `make docs`.
 */
export type Code = ErrorCode | CloseCode;
/**
 * Of a refusal, over HTTP or in a frame `error`.
 */
export type ErrorCode =
  | "account_disabled"
  | "already_authenticated"
  | "bad_json"
  | "body_timeout"
  | "conflict"
  | "draining"
  | "duplicate_ref"
  | "email_taken"
  | "forbidden"
  | "foreign_origin"
  | "gap"
  | "idempotency_conflict"
  | "internal"
  | "invalid"
  | "invalid_credentials"
  | "invalid_owner_token"
  | "limit_exceeded"
  | "method_not_allowed"
  | "muted"
  | "not_found"
  | "not_member"
  | "not_ready"
  | "rate_limited"
  | "registration_closed"
  | "room_full"
  | "room_not_open"
  | "room_read_only"
  | "session_revoked"
  | "slow_mode"
  | "timeout"
  | "title_taken"
  | "token_expired"
  | "too_large"
  | "too_many_rooms"
  | "unauthenticated"
  | "unavailable"
  | "unknown_type"
  | "unsupported_media_type"
  | "unsupported_protocol";
/**
 * With which the server closes a socket, beside those of WebSockets.
 */
export type CloseCode =
  1003 | 1007 | 1009 | 1011 | 1012 | 1013 | 4400 | 4401 | 4403 | 4408 | 4409 | 4410 | 4411 | 4429;
