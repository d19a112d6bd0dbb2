"""A room as it stands in somebody's list.

Times are seconds since 1970; places in the list are microseconds, as exact as they are stored.
"""

from typing import Annotated, Final

import msgspec

from libs.common.contracts.ids import MessageId, PersonId, RoomId
from libs.common.contracts.people import Person
from services.messages.model.rooms import Standing

LAST_US: Final = 253_402_300_799_000_000
"""The last second of the year 9999, in microseconds since 1970."""

Microseconds = Annotated[int, msgspec.Meta(ge=0, le=LAST_US)]


class Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Behind which room the list of `of` goes on, in the order in which the rooms were `as_of`."""

    of: PersonId
    as_of_us: Microseconds
    at_us: Microseconds
    room_id: RoomId


class LastMessage(msgspec.Struct, frozen=True, gc=False):
    """The beginning of the newest message of a room that was not deleted."""

    id: MessageId
    author: Person
    content: str
    created_at: float


class Listed(msgspec.Struct, frozen=True, gc=False):
    """`last_at`: when something was written last, or the person came, whichever was later.

    `people` are all who are in a direct or group room; of other rooms it is None.
    """

    standing: Standing
    place: Place
    last_at: float
    last_message: LastMessage | None
    people: tuple[Person, ...] | None
