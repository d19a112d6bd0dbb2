"""Takes frames apart that `text_frame` made, for those who listen without a socket.

A frame is made once for all listeners. Its text is the event's own bytes, so what is heard over
HTTP is the same to the byte.
"""

from typing import Final

from services.gateway.core.outbox import MEDIUM_PAYLOAD

TWO_BYTES: Final = MEDIUM_PAYLOAD
EIGHT_BYTES: Final = 127
"""What stands instead of a size that is told behind. See: RFC 6455 section 5.2."""


def payloads_of(frames: bytes) -> list[bytes]:
    """Return the texts of plain frames that stand one behind the other."""
    found: list[bytes] = []
    at = 0
    while at < len(frames):
        size, at = frames[at + 1], at + 2
        if size == TWO_BYTES:
            size, at = int.from_bytes(frames[at : at + 2]), at + 2
        elif size == EIGHT_BYTES:
            size, at = int.from_bytes(frames[at : at + 8]), at + 8
        found.append(frames[at : at + size])
        at += size
    return found
