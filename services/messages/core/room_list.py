"""Where somebody's list of rooms goes on.

    first page  --> the order at this moment, `as_of`
    next pages  --> behind the last room of the page before, in the order of that same moment

Rooms rise while somebody reads on. Each keeps the place that it had when the first page was read,
so none comes twice and none is left out because another one moved; what stands in it is as it is
now. A room that the person came into since is not in the pages that follow.
"""

from base64 import b64decode, urlsafe_b64encode

import msgspec

from libs.common.contracts.ids import PersonId
from libs.common.errors import Invalid
from services.messages.model.room_list import Place


def write_place(place: Place) -> str:
    """Return the cursor as clients hand it back."""
    return urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def read_place(cursor: str, reader: PersonId) -> Place:
    """Return the place that `write_place` wrote.  Raises: Invalid, on `cursor`."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = msgspec.json.decode(b64decode(padded, altchars=b"-_", validate=True), type=Place)
    except ValueError:
        raise _foreign() from None
    # What decodes alike is not taken for the same: there is one spelling of each cursor.
    if place.of != reader or write_place(place) != cursor:
        raise _foreign()
    return place


def _foreign() -> Invalid:
    return Invalid(fields={"cursor": "is not one of this list"})
