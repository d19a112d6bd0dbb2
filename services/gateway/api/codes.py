"""The codes by which a client decides what to do: of refusals, and of closes.

See: docs/protocol.md, sections 8 and 9.
"""

from libs.common.contracts.codes import ERROR_CODES
from libs.common.json_schema import Schema, document
from services.gateway.core.refusals import CloseCode


def codes() -> Schema:
    """Return the schema of every code."""
    definitions: dict[str, Schema] = {
        "ErrorCode": {
            "description": "Of a refusal, over HTTP or in a frame `error`.",
            "type": "string",
            "enum": sorted(ERROR_CODES),
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
