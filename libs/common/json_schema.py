"""JSON Schema without what says nothing: small documents, small differences."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

NOISE: Final = ("title", "default")
"""The name of a member once more, and what stands for it when it is left out."""

NAMED: Final = ("properties", "$defs")
"""Below these stand names, not words of JSON Schema."""

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def document(
    title: str, description: str, definitions: Mapping[str, Schema], **root: object
) -> Schema:
    """Return a whole document; its definitions stand in the order of their names."""
    head = {"$schema": DIALECT, "title": title, "description": description}
    return {**head, **root, "$defs": dict(sorted(definitions.items()))}


def written(document: Schema) -> str:
    """Return a document as files and answers hold it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def tidied(schema: Any) -> Any:
    """Return a schema, or any part of one, without noise."""
    if isinstance(schema, list):
        return [tidied(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        word: {name: tidied(part) for name, part in said.items()} if word in NAMED else tidied(said)
        for word, said in schema.items()
        if word not in NOISE
    }


def as_heard(schema: Any) -> Any:
    """Return a schema, or any part of one, as a client has to read it; not yet tidied.

    More members may come than are named; one without a value is missing or null; all others are
    there, whether or not the server's code has a default for them.
    """
    if isinstance(schema, list):
        return [as_heard(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    heard = {word: as_heard(said) for word, said in schema.items()}
    if "properties" in schema:
        heard.pop("additionalProperties", None)
        heard["required"] = list(_always_there(schema))
    return heard


def _always_there(schema: Schema) -> Iterator[str]:
    for name, member in schema["properties"].items():
        is_written = "default" in member or name in schema.get("required", [])
        if is_written and {"type": "null"} not in member.get("anyOf", []):
            yield name
