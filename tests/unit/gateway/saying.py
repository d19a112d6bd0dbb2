"""Frames by chance: what docs/schemas/chat.v1.said.json lets a client say, and what is near it."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

SCHEMA: Final = json.loads(
    (Path(__file__).parents[3] / "docs/schemas/chat.v1.said.json").read_text()
)

CANARY: Final = "hunter2"

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([CANARY, "\0", "\ud800", "1", 2**53, 1.0, "9" * 70, UUID(int=1).hex])
)
words = st.text(max_size=5) | st.just(CANARY)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def _pattern(_: Any, pattern: str, text: Any, __: Any) -> Any:
    # As in JSON Schema's own language `$` is the very end, not the place before a last line feed.
    if isinstance(text, str) and re.search(pattern.replace("$", r"\Z"), text) is None:
        yield ValidationError("does not match")


_validator: Final = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern}
)(SCHEMA, format_checker=FormatChecker(["uuid"]))


def is_said(frame: Any) -> bool:
    """Tell whether the schema lets a client say this."""
    return bool(_validator.is_valid(frame))


@cache
def frames() -> st.SearchStrategy[Any]:
    """Return frames that the schema allows, each type as often as any other."""
    return st.one_of([_values(choice["$ref"]) for choice in SCHEMA["oneOf"]])


@st.composite
def near_frames(draw: st.DrawFn) -> Any:
    """Return a frame with something in it changed, left out or added."""
    frame = draw(frames())
    part = frame.get("data") or frame if draw(st.booleans()) else frame
    names = st.sampled_from(sorted(part))
    match draw(st.sampled_from(("change", "drop", "add", "wrap"))):
        case "change":
            part[draw(names)] = draw(anything)
        case "drop":
            del part[draw(names)]
        case "add":
            part[draw(words)] = draw(anything)
        case _:
            return draw(st.sampled_from([[frame], {"data": frame}, json.dumps(frame)]))
    return frame


@cache
def _values(ref: str) -> st.SearchStrategy[Any]:
    return _of(SCHEMA["$defs"][ref.rpartition("/")[2]])


def _of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    found: st.SearchStrategy[Any]
    match schema:
        case {"$ref": ref}:
            found = st.deferred(lambda: _values(ref))
        case {"anyOf": choices}:
            found = st.one_of([_of(choice) for choice in choices])
        case {"const": value}:
            found = st.just(value)
        case {"enum": values}:
            found = st.sampled_from(values)
        case {"pattern": pattern}:
            found = st.from_regex(pattern.replace("$", r"\Z").replace("4096", "40"))
        case {"format": "uuid"}:
            found = st.uuids().map(str)
        case {"type": "object", "properties": members}:
            found = _objects(members, set(schema.get("required", ())))
        case {"type": "array", "items": items, "maxItems": longest}:
            found = st.lists(_of(items), max_size=min(longest, 3))
        case {"type": "integer"}:
            found = st.integers(schema["minimum"], schema["maximum"])
        case {"type": "boolean"}:
            found = st.booleans()
        case {"type": "null"}:
            found = st.none()
        case _:
            found = st.text(max_size=min(schema.get("maxLength", 8), 8))
    return found


def _objects(members: dict[str, Any], required: set[str]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {name: _of(schema) for name, schema in members.items() if name in required},
        optional={name: _of(schema) for name, schema in members.items() if name not in required},
    )
