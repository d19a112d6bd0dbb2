"""The codes by which a client decides what to do: of refusals, and of closes.

A refusal is known once its module is imported, so all of what may refuse is imported here.

See: docs/protocol.md, sections 8 and 9.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

from libs.common.errors import ChatError
from services.builders.catalog import SERVICES
from services.gateway.core.refusals import CloseCode
from services.schemas.tidy import Schema, document

REFUSING: Final = ("libs.common", *(f"services.{name}" for name in SERVICES))
"""The packages that refuse something."""


def codes() -> Schema:
    """Return the schema of every code."""
    definitions: dict[str, Schema] = {
        "ErrorCode": {
            "description": "Of a refusal, over HTTP or in a frame `error`.",
            "type": "string",
            "enum": sorted({refusal.code for refusal in _refusals()}),
        },
        "CloseCode": {
            "description": "With which the server closes a socket, beside those of WebSockets.",
            "type": "integer",
            "enum": sorted(CloseCode),
        },
    }
    return document(
        "Code",
        "What a client decides by. A newer release may have more. Written by `make docs`.",
        definitions,
        anyOf=[{"$ref": f"#/$defs/{name}"} for name in definitions],
    )


def _refusals() -> Iterator[type[ChatError]]:
    for name in REFUSING:
        package = import_module(name)
        for module in walk_packages(package.__path__, f"{name}."):
            import_module(module.name)
    inside = tuple(f"{name}." for name in REFUSING)
    yield from (one for one in _family(ChatError) if one.__module__.startswith(inside))


def _family(refusal: type[ChatError]) -> Iterator[type[ChatError]]:
    yield refusal
    for special in refusal.__subclasses__():
        yield from _family(special)
