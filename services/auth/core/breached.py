"""Passwords that were leaked somewhere, some two hundred thousand of at least eight characters.

They lie in a file beside this, as the first bytes of their hashes in order: a megabyte that is read
when the first password is looked up and searched as it is, where a set of the words would take
twenty. A password that nobody ever leaked is taken for one of them once in five million times.

See: make/passwords.py, which makes the file and names its sources
"""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

FILE: Final = "breached_passwords.bin"

HEAD_END: Final = b"\n\n"
"""Ends the words about the file, which stand before its records."""

RECORD_BYTES: Final = 5


def is_breached(folded: str) -> bool:
    """Tell whether a password was leaked; `folded` is its form without regard to case."""
    wanted, records = record_of(folded), _records()
    low, high = 0, len(records) // RECORD_BYTES
    while low < high:
        middle = (low + high) // 2
        if _record(records, middle) < wanted:
            low = middle + 1
        else:
            high = middle
    return _record(records, low) == wanted


def record_of(folded: str) -> bytes:
    """Return what stands in the file for a password."""
    return hashlib.sha256(folded.encode(errors="surrogatepass")).digest()[:RECORD_BYTES]


def _record(records: bytes, place: int) -> bytes:
    return records[place * RECORD_BYTES : (place + 1) * RECORD_BYTES]


@cache
def _records() -> bytes:
    content = files("services.auth.core").joinpath(FILE).read_bytes()
    return content[content.index(HEAD_END) + len(HEAD_END) :]
