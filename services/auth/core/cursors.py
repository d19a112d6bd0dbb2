"""Where a list of users goes on: behind this name and id, in the order of searches."""

import base64
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from libs.common.contracts.ids import PersonId
from libs.common.errors import Invalid

_places: Final = msgspec.json.Decoder(tuple[str, UUID])


@dataclass(frozen=True, slots=True)
class UserCursor:
    """The last user of a page. Names repeat, ids do not."""

    name_key: str
    id: PersonId

    def write(self) -> str:
        """Return the cursor as clients hand it back."""
        place = msgspec.json.encode((self.name_key, self.id))
        return base64.urlsafe_b64encode(place).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "UserCursor":
        """Return the cursor that `write` wrote.  Raises: Invalid, on `cursor`."""
        cursor = _parsed(text)
        # What we would not have written ourselves is not ours.
        if cursor is None or cursor.write() != text or "\0" in cursor.name_key:
            raise Invalid(fields={"cursor": "is not valid"})
        return cursor


def _parsed(text: str) -> UserCursor | None:
    try:
        place = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        name_key, person_id = _places.decode(place)
    except ValueError:
        return None
    return UserCursor(name_key, PersonId(person_id))
