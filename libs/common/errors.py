"""Every "no" that a client may hear, with its HTTP status and its stable code.

    ChatError       500  internal            our own mistake: once more, then no further
      Malformed     400  bad_json            the bytes are not what they claim to be
      Unauthorized  401  unauthenticated     who are you?
      Forbidden     403  forbidden           known, but not allowed
      NotFound      404  not_found           not there, or not for you to know of
      Conflict      409  conflict            the world has moved on
      TooLarge      413  too_large
      Invalid       422  invalid             well-formed, but against a rule: see `fields`
      TooMany       429  rate_limited        come back after `retry_after_ms`
      Unavailable   503  unavailable         our fault or load: the same may work later
      TimedOut      504  timeout             outcome unknown: a retry with the same id settles it

Specific errors subclass one of these beside the rule that raises them, like `NotMember(Forbidden)`.
Rules raise; only `libs.common.http` and the two ends of the bus translate them into bodies and
frames, which have the same members. What is not a `ChatError` is our own mistake: it is logged with
its traceback, and the client hears `internal` and an `error_id`, nothing else.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any, ClassVar


class ChatError(Exception):
    """A refusal. `message` is for people and may be shown; it never repeats what was sent.

    `retryable` says whether the same, sent again later with the same id, may come to something
    else. What is nobody's refusal but our own mistake is a plain `ChatError`.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = True
    message: ClassVar[str] = "Something went wrong on our side."

    def __init__(
        self,
        message: str | None = None,
        *,
        fields: Mapping[str, str] | None = None,
        retry_after_ms: int | None = None,
        until: str | None = None,
        first_available_seq: int | None = None,
        error_id: str | None = None,
    ) -> None:
        super().__init__(message or self.message)
        self.fields = fields
        self.retry_after_ms = retry_after_ms
        self.until = until
        self.first_available_seq = first_available_seq
        self.error_id = error_id

    def body(self) -> dict[str, Any]:
        """Return what stands at the top of an HTTP error and in the `data` of an error frame."""
        body: dict[str, Any] = {
            "code": self.code,
            "message": str(self),
            "retryable": self.retryable,
        }
        for name in ("fields", "retry_after_ms", "until", "first_available_seq", "error_id"):
            value = getattr(self, name)
            if value is not None:
                body[name] = value
        return body


class Malformed(ChatError):
    status = 400
    code = "bad_json"
    retryable = False
    message = "This is not valid JSON."


class Unauthorized(ChatError):
    status = 401
    code = "unauthenticated"
    retryable = False
    message = "Log in first."


class Forbidden(ChatError):
    status = 403
    code = "forbidden"
    retryable = False
    message = "You may not do this."


class NotFound(ChatError):
    status = 404
    code = "not_found"
    retryable = False
    message = "There is no such thing, or it is not yours to see."


class Conflict(ChatError):
    status = 409
    code = "conflict"
    retryable = False
    message = "Somebody changed this before you."


class IdempotencyConflict(Conflict):
    """Raised by every owner of something that is made once for each id of a client's."""

    code = "idempotency_conflict"
    message = "This id was used before for something else."


class TooLarge(ChatError):
    status = 413
    code = "too_large"
    retryable = False
    message = "This is larger than allowed."


class Invalid(ChatError):
    status = 422
    code = "invalid"
    retryable = False
    message = "Some fields are not valid."


class TooMany(ChatError):
    status = 429
    code = "rate_limited"
    retryable = False
    message = "Too many requests. Wait a moment."


class Unavailable(ChatError):
    status = 503
    code = "unavailable"
    retryable = True
    message = "This part of the chat is not reachable right now."


class Draining(Unavailable):
    """Raised by whatever takes nothing new, since its process is about to end."""

    code = "draining"
    message = "This server is going away. Connect again."


class TimedOut(ChatError):
    status = 504
    code = "timeout"
    retryable = True
    message = "No answer in time. Trying again with the same id is safe."


def error_from(body: Mapping[str, Any]) -> ChatError:
    """Return the refusal that another part of the system wrote down with `ChatError.body`.

    The class is looked up by its code among those that this process knows; a code it does not know
    is our own trouble, `ChatError`.
    """
    found = _class_of(str(body.get("code")))
    details = ("fields", "retry_after_ms", "until", "first_available_seq", "error_id")
    return found(body.get("message"), **{name: body.get(name) for name in details})


def _class_of(code: str) -> type[ChatError]:
    classes = deque([ChatError])
    while classes:
        one = classes.popleft()
        if one.code == code:
            return one
        classes += one.__subclasses__()
    return ChatError
