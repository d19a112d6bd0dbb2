"""Codes for those who lost their second factor: ten, each good once, shown once.

A code has 80 random bits, so it can be stored as a plain SHA-256: nobody tries that many.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Final

CODES: Final = 10
CODE_BYTES: Final = 10
GROUP_CHARS: Final = 4

FORM: Final = re.compile(r"[a-z2-7]{16}")
"""Eighty bits in base32, which has no digit that looks like a letter."""

BETWEEN: Final = re.compile(r"[\s-]")
"""What people put between letters."""


def code_from(token: str) -> str:
    """Return a code made of a random token, in groups as people copy it."""
    text = base64.b32encode(hashlib.sha256(token.encode()).digest()[:CODE_BYTES])
    letters = text.decode().lower()
    groups = range(0, len(letters), GROUP_CHARS)
    return "-".join(letters[start : start + GROUP_CHARS] for start in groups)


def plain(typed: str) -> str:
    """Return a typed code without what people put between its letters."""
    return BETWEEN.sub("", typed).lower()


def is_code(text: str) -> bool:
    """Tell whether this, in its plain form, could be a recovery code."""
    return FORM.fullmatch(text) is not None


def hashed(code: str) -> bytes:
    """Return what is stored of a code, however it was typed."""
    return hashlib.sha256(plain(code).encode()).digest()


def hashes(codes: Iterable[str]) -> list[bytes]:
    """Return what is stored of a set of codes."""
    return [hashed(code) for code in codes]
