"""What a picture of a person may be, and what becomes of it.

What kind of file an upload is, its first bytes say. `services.auth.core.painting` does the rest.
"""

from enum import IntEnum
from typing import Final

from libs.common.errors import Invalid

SIZES: Final = (64, 256)
"""Of the two pictures, in pixels: beside a message, and on the page of a person."""

MAX_PIXELS: Final = 64_000_000
"""More than phones take. Decoded, four bytes each, that is 256 MB for a moment."""

MAX_SIDE: Final = 16_384

LENGTH_BYTES: Final = 4

SIGNATURES: Final = {
    "image/png": (b"\x89PNG\r\n\x1a\n", 0),
    "image/jpeg": (b"\xff\xd8\xff", 0),
    "image/gif": (b"GIF8", 0),
    "image/webp": (b"WEBP", 8),
}
"""How each kind of file begins, and where."""

DECODERS: Final = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}


class NotAPicture(Invalid):
    code = "not_a_picture"
    message = "This is no picture that can be read: PNG, JPEG, WebP or GIF."


class TooManyPixels(Invalid):
    code = "too_many_pixels"
    message = f"This picture has more than {MAX_PIXELS // 1_000_000} million pixels."


def kind_of(raw: bytes) -> str:
    """Return the media type that the first bytes say.  Raises: NotAPicture."""
    for kind, (signature, at) in SIGNATURES.items():
        if raw[at : at + len(signature)] == signature:
            return kind
    raise NotAPicture


class Ending(IntEnum):
    """How the program that draws ends. On its output stand the length of the small picture, in
    `LENGTH_BYTES`, the small one and the large one. Another ending is an accident.
    """

    DRAWN = 0
    NOT_A_PICTURE = 3
    TOO_MANY_PIXELS = 4
