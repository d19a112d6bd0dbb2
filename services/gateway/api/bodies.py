"""What a client sends that listens over HTTP.

See: docs/protocol.md, section 14.
"""

from typing import Annotated, Literal

from pydantic import Field

from libs.common.contracts.ids import Epoch, RoomId
from services.gateway.core.effects import From
from services.gateway.core.polling import Wanted
from services.gateway.frames.said import MAX_CURSORS, Part, Position

MAX_TIMEOUT_MS = 25_000
"""Proxies that cut a silent request do so after 30 s or more."""


class CursorAsked(Part):
    """How far a client has got in a room."""

    seq: Position
    epoch: Annotated[Epoch, Field(max_length=64)]


class SyncAsked(Part):
    """`null` for a room: listen from now on. `timeout_ms` and `greet` are for polls: a stream lasts
    its time, and always begins with a greeting.
    """

    cursors: dict[RoomId, CursorAsked | None] = Field(default_factory=dict, max_length=MAX_CURSORS)
    timeout_ms: Annotated[int, Field(ge=0, le=MAX_TIMEOUT_MS)] = MAX_TIMEOUT_MS
    greet: bool = False
    features: Annotated[tuple[Literal["batch"], ...], Field(max_length=1)] = ()

    def wanted(self, *, max_s: float) -> Wanted:
        """Return what is asked for, waiting `max_s` at most."""
        rooms = (
            From(room_id, at.seq, at.epoch) if at else From(room_id)
            for room_id, at in self.cursors.items()
        )
        return Wanted(tuple(rooms), min(self.timeout_ms / 1000, max_s), self.greet)
