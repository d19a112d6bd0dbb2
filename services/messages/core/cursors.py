"""Positions in paged lists, as clients carry them: opaque, and checked when they come back.

A cursor holds no secret and opens no door, since every page is asked for with one's own rights. It
is bound to its list and to what the list belongs to, so that one used elsewhere is refused instead
of leading somewhere.
"""

from base64 import b64decode, urlsafe_b64encode
from binascii import Error
from enum import IntEnum
from struct import Struct, error
from typing import Final
from uuid import UUID

from libs.common.errors import Invalid

FORMAT: Final = Struct(">B16sQ")


class PageOf(IntEnum):
    """Which list a cursor continues, and in which direction."""

    OLDER_MESSAGES = 1
    NEWER_MESSAGES = 2
    ENTRIES = 3
    PAST_VERSIONS = 4
    REPORTS = 5


EVERYWHERE: Final = UUID(int=0)
"""The subject of a list that belongs to no room or message."""


def write_cursor(page_of: PageOf, subject: UUID, position: int) -> str:
    """Return the cursor that continues the list of `subject` behind `position`."""
    packed = FORMAT.pack(page_of, subject.bytes, position)
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def read_cursor(cursor: str, subject: UUID, *, allowed: frozenset[PageOf]) -> tuple[PageOf, int]:
    """Return which list to continue and behind what.  Raises: Invalid, on `cursor`."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        number, _, position = FORMAT.unpack(b64decode(padded, altchars=b"-_", validate=True))
        page_of = PageOf(number)
    except (Error, ValueError, error):
        raise _foreign() from None
    # What decodes alike is not taken for the same: there is one spelling of each cursor.
    if page_of not in allowed or write_cursor(page_of, subject, position) != cursor:
        raise _foreign()
    return page_of, position


def _foreign() -> Invalid:
    return Invalid(fields={"cursor": "is not one of this list"})
