"""What a client hears that polls: the frames of a socket, in the answer to a request.

See: docs/protocol.md, section 14.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from libs.common.contracts.ids import Epoch, RoomId, Seq
from services.gateway.frames.heard import Hello, HelloShown, Part, Ready, ReadyShown


class CursorShown(Part):
    """Everything up to here was sent, or told as a gap."""

    seq: Seq
    epoch: Epoch


class NotAttachedShown(Part):
    """`not_found`: not a room of this person. `unavailable`: ask again, with the same cursor."""

    recovered: Literal[False] = False
    reason: Literal["not_found", "unavailable"]


class SyncAnswer(Part):
    """`hello` and `ready` are there when the poll asked to be greeted. `events` are frames, as in
    the schema of frames. `more`: ask again at once.
    """

    hello: HelloShown | None = None
    ready: ReadyShown | None = None
    events: tuple[dict[str, Any], ...] = Field(description="Frames, the oldest first.")
    cursors: dict[RoomId, CursorShown | NotAttachedShown]
    more: bool


def answer_of(
    greeting: tuple[Hello, Ready] | None,
    events: Sequence[bytes],
    *,
    cursors: Mapping[RoomId, BaseModel],
    more: bool,
) -> bytes:
    """Return a `SyncAnswer` around frames that are JSON already."""
    parts = [_member("events", b"[%b]" % b",".join(events))]
    if greeting is not None:
        hello, ready = greeting
        parts = [_member("hello", _json(hello.data)), _member("ready", _json(ready.data)), *parts]
    at = b",".join(_member(str(room_id), _json(shown)) for room_id, shown in cursors.items())
    parts += [_member("cursors", b"{%b}" % at), _member("more", str(more).lower().encode())]
    return b"{%b}" % b",".join(parts)


def _member(name: str, value: bytes) -> bytes:
    return b'"%b":%b' % (name.encode(), value)


def _json(shown: BaseModel) -> bytes:
    return shown.model_dump_json().encode()
