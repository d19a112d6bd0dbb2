"""What somebody hears who may write no more in a room, or may again.

It goes to each of their connections. Gateways read it too: whoever is muted is not shown typing.
"""

from datetime import datetime
from math import inf
from typing import Literal

from pydantic import BaseModel, ConfigDict

from libs.common.contracts.frames import Frame
from libs.common.contracts.ids import RoomId


class MuteShown(BaseModel):
    """Without `until` a mute lasts until somebody takes it back."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    room_id: RoomId
    is_muted: bool
    until: str | None = None


class Muted(Frame):
    type: Literal["muted"] = "muted"
    room_id: RoomId
    data: MuteShown


def muted_until(frame: bytes) -> float:
    """Return until when a frame of this type mutes, in seconds since 1970; 0: not at all.

    Raises: ValueError, it is nothing of the kind.
    """
    shown = Muted.model_validate_json(frame).data
    if not shown.is_muted:
        return 0.0
    return inf if shown.until is None else datetime.fromisoformat(shown.until).timestamp()
