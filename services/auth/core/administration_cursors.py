"""Where the lists of those who run the server go on: behind this account, behind this entry.

A cursor is opaque to clients. What we would not have written ourselves is not ours.
"""

import base64
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec

from libs.common.contracts.ids import PersonId
from libs.common.errors import Invalid

MAX_ID: Final = 2**63 - 1

MAX_AT_S: Final = 2.5e11
"""About the year 10000. Postgres knows no time much beyond."""

NOBODY: Final = PersonId(UUID(int=0))

_accounts: Final = msgspec.json.Decoder(tuple[str, UUID])
_entries: Final = msgspec.json.Decoder(tuple[float, int])


@dataclass(frozen=True, slots=True)
class AccountCursor:
    """The last account of a page, in the order of names. Names repeat, ids do not."""

    key: str = ""
    id: PersonId = NOBODY

    def write(self) -> str:
        """Return the cursor as clients hand it back."""
        return _written((self.key, self.id))

    @classmethod
    def read(cls, text: str) -> "AccountCursor":
        """Return the cursor that `write` wrote.  Raises: Invalid, on `cursor`."""
        key, account_id = _parsed(text, _accounts)
        cursor = cls(key, PersonId(account_id))
        if cursor.write() != text or "\0" in key:
            raise _foreign()
        return cursor


@dataclass(frozen=True, slots=True)
class EntryCursor:
    """The last entry of a page, the newest first: its time, in seconds since 1970, and its id."""

    at: float
    id: int

    def write(self) -> str:
        """Return the cursor as clients hand it back."""
        return _written((self.at, self.id))

    @classmethod
    def read(cls, text: str) -> "EntryCursor":
        """Return the cursor that `write` wrote.  Raises: Invalid, on `cursor`."""
        cursor = cls(*_parsed(text, _entries))
        is_possible = abs(cursor.at) < MAX_AT_S and 0 <= cursor.id <= MAX_ID
        if not is_possible or cursor.write() != text:
            raise _foreign()
        return cursor


def _written(place: tuple[object, ...]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _parsed(text: str, places: msgspec.json.Decoder[Any]) -> Any:
    try:
        return places.decode(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except ValueError:
        raise _foreign() from None


def _foreign() -> Invalid:
    return Invalid(fields={"cursor": "is not valid"})
