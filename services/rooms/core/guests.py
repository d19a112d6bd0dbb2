"""What guest rooms decide themselves: how they are found, and whom they take when."""

import hashlib
from base64 import urlsafe_b64decode
from typing import Annotated, Final

from pydantic import StringConstraints

from libs.common.contracts.ids import RoomId
from libs.common.contracts.rooms import RoomState
from libs.common.errors import Forbidden, Unauthorized
from libs.common.permissions.rules import RoomNotOpen
from libs.common.permissions.schedule import state_at
from services.rooms.model import Room

LETTERS: Final = "23456789abcdefghijkmnpqrstuvwxyz"
"""32 that are told apart when somebody reads a link out: no 0 and o, no 1 and l."""

SLUG_LETTERS: Final = 12
"""60 bits. At the pace at which one network may look at doors, a thousand networks that do nothing
else come upon one of a million rooms in some twenty years.
"""

Slug = Annotated[str, StringConstraints(pattern=r"^[2-9a-kmnp-z]{12}$")]
"""What the link of a guest room ends with."""

TAKES_GUESTS: Final = {RoomState.OPEN, RoomState.READ_ONLY}
"""States in which somebody without an account may be in a room."""


class WrongPassword(Unauthorized):
    code = "invalid_password"
    message = "This room needs its password."


class GuestRoomsOff(Forbidden):
    code = "guest_rooms_off"
    message = "No guest rooms are made on this server. Ask those who run it."


def new_slug(secret: str) -> str:
    """Return the end of a link that nobody will guess, made of what `Chance.token` returned."""
    drawn = urlsafe_b64decode(secret + "=")[:SLUG_LETTERS]
    return "".join(LETTERS[byte % len(LETTERS)] for byte in drawn)


def check_open(room: Room, *, now: float) -> None:
    """Refuse guests before a room opens and after it closes.  Raises: RoomNotOpen."""
    if state_at(room, now=now) not in TAKES_GUESTS:
        raise RoomNotOpen


def device_hash(room_id: RoomId, device: str | None) -> bytes | None:
    """Return what is stored of a device: it tells nothing about the same device elsewhere."""
    if device is None:
        return None
    return hashlib.sha256(room_id.bytes + device.encode()).digest()
