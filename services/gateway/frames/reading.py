"""From the bytes of a text frame to what the client said, or to a refusal that repeats none of it.

pydantic's own parser works on the bytes: it refuses lone surrogates, numbers without end and deep
nesting as bad JSON, and costs less than `json.loads` alone.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from libs.common.errors import Invalid, Malformed
from services.gateway.frames.said import AnyFrame, Ref

_any_frame: Final[TypeAdapter[AnyFrame]] = TypeAdapter(AnyFrame)

MAX_FAULTS: Final = 8
"""Fields that one answer names; a frame of unknown fields would otherwise be answered by a longer
one.
"""

REASONS: Final[Mapping[str, str]] = {
    "missing": "is required",
    "string_type": "must be a string",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
    "tuple_type": "must be a list",
    "model_type": "must be an object",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "too_long": "must have at most {max_length} items",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "is too long or too short or holds characters that it may not",
    "literal_error": "must be one of {expected}",
    "value_error": "{error}",
}
"""Our words for what pydantic finds: its own sometimes quote what was sent."""


class UnknownType(Invalid):
    code = "unknown_type"
    message = "There is no such command."


class BadFrame(Exception):
    """A frame that says nothing. `ref` is the frame's own when it has a usable one."""

    def __init__(self, refusal: Invalid | Malformed, ref: str | None) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.ref = ref


class _OnlyRef(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    ref: Ref | None = None


def read_frame(raw: bytes) -> AnyFrame:
    """Return what a client said.  Raises: BadFrame."""
    try:
        return _any_frame.validate_json(raw)
    except ValidationError as wrong:
        faults = wrong.errors(include_url=False, include_input=False)
    raise BadFrame(_refusal(faults), _ref_of(raw))


def _refusal(faults: list[ErrorDetails]) -> Invalid | Malformed:
    match faults[0]["type"]:
        case "json_invalid":
            return Malformed()
        case "union_tag_invalid":
            return UnknownType()
        case "union_tag_not_found":
            return Invalid(fields={"type": "is required"})
        case "dict_type":
            return Invalid("A frame is one JSON object.")
        case _:
            return Invalid(fields=dict(_fields(faults[:MAX_FAULTS])))


def _fields(faults: Iterable[ErrorDetails]) -> Iterable[tuple[str, str]]:
    for fault in faults:
        # The first step is the union's tag. Names that a client made up are not repeated to it.
        path = [str(step) for step in fault["loc"][1:]]
        if fault["type"] == "extra_forbidden":
            yield ".".join([*path[:-1], "*"]), "is not a known field"
        else:
            yield ".".join(path) or "data", _reason(fault)


def _reason(fault: ErrorDetails) -> str:
    reason = REASONS.get(fault["type"], "is not valid")
    return reason.format_map(fault.get("ctx", {}))


def _ref_of(raw: bytes) -> str | None:
    try:
        return _OnlyRef.model_validate_json(raw).ref
    except ValidationError:
        return None
