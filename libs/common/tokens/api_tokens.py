"""API tokens: opaque, for programs, recognised by how they begin.

    hbt_ <43 letters: 256 random bits> <6 letters: CRC-32 of those>

The beginning lets scanners for leaked secrets find them, the end lets them be sure; and what was
mistyped is refused by whoever is shown it, without asking anybody.
"""

import base64
import hashlib
import re
import zlib
from typing import Final

from libs.common.errors import Unauthorized

PREFIX: Final = "hbt_"

SECRET_CHARS: Final = 43
"""What `Chance.token` returns."""

SHOWN_CHARS: Final = len(PREFIX) + 6
"""How much of a token its owner's list shows: enough to tell two apart, 36 bits of 256."""

PATTERN: Final = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{{SECRET_CHARS}}})([A-Za-z0-9_-]{{6}})")


def composed(secret: str) -> str:
    """Return the token that holds these 256 random bits, as `Chance.token` gives them."""
    return f"{PREFIX}{secret}{_checksum(secret)}"


def is_api_token(token: str) -> bool:
    """Tell whether it wants to be one."""
    return token.startswith(PREFIX)


def hashed(token: str) -> bytes:
    """Return what is stored of a token, and asked about: SHA-256 is enough for 256 random bits.

    Raises: Unauthorized, when it cannot be one.
    """
    found = PATTERN.fullmatch(token)
    if found is None or _checksum(found[1]) != found[2]:
        raise Unauthorized
    return hashlib.sha256(token.encode()).digest()


def _checksum(secret: str) -> str:
    value = zlib.crc32(secret.encode()).to_bytes(4, "big")
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
