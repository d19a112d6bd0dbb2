"""The documents as files, for whoever writes a client; the web client's own types are made of them.

python -m services schemas docs/schemas (make docs does it)
"""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from libs.common.json_schema import Schema, written
from services.gateway.api.asyncapi import described
from services.gateway.api.codes import codes
from services.gateway.frames.schemas import heard_by_clients, said
from services.schemas import http

ASYNCAPI: Final = "chat.v1.asyncapi.json"
SAID: Final = "chat.v1.said.json"
HEARD: Final = "chat.v1.heard.json"
BODIES: Final = "http.json"
CODES: Final = "codes.json"


def documents() -> Mapping[str, Schema]:
    """Return every document by the name of its file."""
    return {
        ASYNCAPI: described(),
        SAID: said(),
        HEARD: heard_by_clients(),
        BODIES: asyncio.run(http.bodies()),
        CODES: codes(),
    }


def write(folder: Path) -> Iterator[Path]:
    """Write every document into `folder`; yield where each is."""
    for name, document in documents().items():
        path = folder / name
        path.write_text(written(document), encoding="utf-8")
        yield path
