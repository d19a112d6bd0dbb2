"""Whether a frame is what docs/schemas says of it."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

FOLDER: Final = Path(__file__).parents[2] / "docs/schemas"

RELEASED: Final = FOLDER / "released"
"""What the last release had there."""


def check_heard(raw: str | bytes) -> None:
    """Return when the frame says what the schema of its type names, all of it and nothing else.

    Raises: jsonschema.ValidationError; KeyError for a type that is in no schema.
    """
    frame = json.loads(raw)
    _validators()[frame["type"]].validate(frame)


def closed(schema: Any) -> Any:
    """Return the schema of exactly what is named: a client may hear more, a test may not."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    exact = {word: closed(part) for word, part in schema.items()}
    return exact | ({"additionalProperties": False} if "properties" in schema else {})


@cache
def _validators() -> dict[str, Draft202012Validator]:
    """Return what checks the frames of each type: one look instead of one for every type."""
    schema = closed(json.loads((FOLDER / "chat.v1.heard.json").read_text()))
    by_type: dict[str, list[dict[str, Any]]] = {}
    for choice in schema["anyOf"]:
        definition = schema["$defs"][choice["$ref"].rpartition("/")[2]]
        by_type.setdefault(definition["properties"]["type"]["const"], []).append(choice)
    return {
        type_: Draft202012Validator({"anyOf": choices, "$defs": schema["$defs"]})
        for type_, choices in by_type.items()
    }
