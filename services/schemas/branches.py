"""What a value may be, as a flat list: references followed, unions laid open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from libs.common.json_schema import Schema

NULL: Final = "null"

KINDS: Final = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): NULL}
"""What JSON Schema calls the type of a word."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the things that a value may be.

    `name` is that of its definition, if it has one. `words` are all it may be; None: not so few.
    """

    kind: str
    schema: Schema
    name: str = ""
    words: frozenset[Any] | None = None

    @property
    def tags(self) -> Mapping[str, frozenset[Any]]:
        """Return the members by which an object is told from others, such as `type`."""
        members = self.schema.get("properties", {})
        return {name: _words(member) for name, member in members.items() if "const" in member}


def branches(schema: Schema, definitions: Mapping[str, Schema], name: str = "") -> Iterator[Branch]:
    """Yield everything that a value of this schema may be."""
    if "$ref" in schema:
        target = schema["$ref"].rpartition("/")[2]
        yield from branches(definitions[target], definitions, target)
        return
    unions = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    if unions:
        for one in unions:
            yield from branches(one, definitions, name)
        return
    words = _words(schema) if "const" in schema or "enum" in schema else None
    kinds = schema.get("type") or sorted({KINDS[type(word)] for word in words or ()}) or "anything"
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        yield Branch(kind, schema, name, words)


def _words(schema: Schema) -> frozenset[Any]:
    return frozenset(schema["enum"] if "enum" in schema else [schema["const"]])
