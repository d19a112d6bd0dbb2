"""What the socket speaks, for programs: the documents of `chat.v1`, from the running models.

Each is made when it is first asked for, which few do: all four take a tenth of a second. They are
the bytes of the files in docs/schemas, as they were when this release was made.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from libs.common.json_schema import Schema, written
from services.gateway.api.asyncapi import described
from services.gateway.api.codes import codes
from services.gateway.api.site import File, file_of
from services.gateway.frames.schemas import heard_by_clients, said

DOCUMENTS: Final[Mapping[str, Callable[[], Schema]]] = {
    "/asyncapi.json": described,
    "/schemas/chat.v1.said.json": said,
    "/schemas/chat.v1.heard.json": heard_by_clients,
    "/schemas/codes.json": codes,
}
"""How each is made, by its path."""


def find(path: str) -> File | None:
    """Return the document at this path, if there is one."""
    return _made(path) if path in DOCUMENTS else None


@cache
def _made(path: str) -> File:
    return file_of(path, written(DOCUMENTS[path]()).encode(), ".json")
