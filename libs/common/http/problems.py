"""Errors on their way out: a `ChatError` becomes its status, its body and its headers.

Clients learn the name of what was wrong and why, never what they sent: the reasons below are our
own sentences, filled with limits only.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Self

from pydantic_core import ErrorDetails
from starlette.responses import Response

from libs.common.errors import (
    ChatError,
    Forbidden,
    Malformed,
    NotFound,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from libs.common.http.reply import json_response


class MethodNotAllowed(NotFound):
    """The path is there, but not for this method; `allow` are those it is there for."""

    status = 405
    code = "method_not_allowed"
    message = "This cannot be done here."

    allow: str = ""

    @classmethod
    def but(cls, methods: Iterable[str]) -> Self:
        """Return the refusal that names the methods there are."""
        refusal = cls()
        refusal.allow = ", ".join(sorted(methods))
        return refusal


class BodyTooSlow(Malformed):
    status = 408
    code = "body_timeout"
    retryable = True
    message = "The request's body did not arrive in time."


class UnsupportedType(Malformed):
    status = 415
    code = "unsupported_media_type"
    message = "Send application/json."


class ForeignOrigin(Forbidden):
    code = "foreign_origin"
    message = "Pages of this origin may not do this."


class Overloaded(Unavailable):
    code = "unavailable"
    message = "Too much to do right now. Try again in a moment."


class NotReady(Unavailable):
    code = "not_ready"
    message = "This service is not ready."


CLOSES: Final = (TooLarge, BodyTooSlow)
"""What is left of the body is not read, so the connection cannot be used again."""


def problem(refusal: ChatError) -> Response:
    """Return the answer to a refused request."""
    response = json_response(json.dumps(refusal.body()).encode(), status=refusal.status)
    if refusal.retry_after_ms is not None:
        response.headers["retry-after"] = str(math.ceil(refusal.retry_after_ms / 1000))
    if isinstance(refusal, Unauthorized):
        response.headers["www-authenticate"] = "Bearer"
    if isinstance(refusal, MethodNotAllowed):
        response.headers["allow"] = refusal.allow
    if isinstance(refusal, CLOSES):
        response.headers["connection"] = "close"
    return response


PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

MEMBER_OF_ENUM: Final = re.compile(r"<[^<>:]+: ('[^']*')>")
"""How Python writes a member of an enum: its name, then what stands on the wire."""

WHOLE: Final = "body"
"""The name of a fault that belongs to no single field."""

REASONS: Final[Mapping[str, str]] = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be a string",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
    "datetime_type": "must be a time like 2030-01-31T12:00:00Z",
    "datetime_parsing": "must be a time like 2030-01-31T12:00:00Z",
    "datetime_from_date_parsing": "must be a time like 2030-01-31T12:00:00Z",
    "timezone_aware": "must say its time zone",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must have at least {min_length} {parts}",
    "too_long": "must have at most {max_length} {parts}",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "value_error": "{error}",
}
"""Our words for what pydantic finds; anything else `is not valid`.

A `ValueError` raised by a validator of ours speaks for itself, and must not repeat the value.
"""


MAX_FAULTS: Final = 20
"""Fields that one answer names; a body of faults would otherwise be answered by a longer one."""


def fields_of(errors: Iterable[ErrorDetails]) -> dict[str, str]:
    """Return {dotted name: reason}, the first reason for each of the first `MAX_FAULTS` names."""
    fields: dict[str, str] = {}
    for error in errors:
        if len(fields) == MAX_FAULTS:
            break
        reason = REASONS.get(error["type"], "is not valid")
        fields.setdefault(dotted(error["loc"]), reason.format_map(_words_of(error)))
    return fields


def _words_of(error: ErrorDetails) -> dict[str, Any]:
    """What pydantic says of a fault, in words for people who write no Python."""
    words = {**error.get("ctx", {})}
    if "expected" in words:
        words["expected"] = MEMBER_OF_ENUM.sub(r"\1", words["expected"])
    # A secret has no length of its own kind.
    words["parts"] = "characters" if words.get("field_type") == "Value" else "items"
    return words


def dotted(path: Iterable[Any]) -> str:
    """Return `attachments.0.name`; a name that could not be one of ours is written `*`."""
    parts = [str(part) for part in path]
    return ".".join(part if PLAIN_NAME.fullmatch(part) else "*" for part in parts) or WHOLE
