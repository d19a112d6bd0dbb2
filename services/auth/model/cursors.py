"""Where a list of people goes on: behind this one, in the order of searches."""

import base64
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from libs.common.contracts.ids import PersonId
from libs.common.errors import Invalid

_places: Final = msgspec.json.Decoder(tuple[str | None, str, UUID])


@dataclass(frozen=True, slots=True)
class SearchCursor:
    """The last person of a page. Names repeat, ids do not.

    `word` is the word of the name by which they were found; None as long as names are listed that
    begin with what was searched for.
    """

    word: str | None
    key: str
    id: PersonId

    @classmethod
    def before(cls, word: str | None, key: str) -> "SearchCursor":
        """Return the place before everybody with this word and key."""
        return cls(word, key, PersonId(UUID(int=0)))

    def write(self) -> str:
        """Return the cursor as clients hand it back."""
        place = msgspec.json.encode((self.word, self.key, self.id))
        return base64.urlsafe_b64encode(place).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "SearchCursor":
        """Return the cursor that `write` wrote.  Raises: Invalid, on `cursor`."""
        cursor = _parsed(text)
        # What we would not have written ourselves is not ours.
        if cursor is None or cursor.write() != text or cursor.holds_zero():
            raise Invalid(fields={"cursor": "is not valid"})
        return cursor

    def holds_zero(self) -> bool:
        """Tell whether Postgres would not take it."""
        return "\0" in self.key or "\0" in (self.word or "")


def _parsed(text: str) -> SearchCursor | None:
    try:
        place = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        word, key, person_id = _places.decode(place)
    except ValueError:
        return None
    return SearchCursor(word, key, PersonId(person_id))
