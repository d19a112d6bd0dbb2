"""Where lists go on. A cursor belongs to the list that it was made for."""

import base64
from typing import Annotated, Final, TypeVar
from uuid import UUID

import msgspec

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.errors import Invalid

BEFORE_ALL: Final = UUID(int=0)

NEWEST: Final = 2**63 - 1
"""The id behind the newest change: Postgres has no greater."""


class RoomCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last room of a page in the list `of` a scope. Titles repeat, ids do not."""

    of: str
    title_key: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")] = ""
    id: RoomId = RoomId(BEFORE_ALL)


class MemberCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last member of a page in the list `of` a room, which goes by role, name and id."""

    of: RoomId
    place: Annotated[int, msgspec.Meta(ge=-1, le=3)] = -1
    name_key: Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")] = ""
    id: PersonId = PersonId(BEFORE_ALL)


class IdCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last of a page in the list `of` something, where ids give the order."""

    of: str
    id: UUID = BEFORE_ALL


class ChangeCursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last change of a page in the history `of` a room; the newest come first."""

    of: RoomId
    id: Annotated[int, msgspec.Meta(ge=0, le=NEWEST)] = NEWEST


C = TypeVar("C", RoomCursor, MemberCursor, IdCursor, ChangeCursor)


def write_cursor(cursor: RoomCursor | MemberCursor | IdCursor | ChangeCursor) -> str:
    """Return the cursor as clients hand it back."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str | None, *, first: C) -> C:
    """Return the cursor that `write_cursor` wrote, or `first` without one.

    Raises: Invalid, on `cursor`, when it is of another list or not ours at all.
    """
    if text is None:
        return first
    cursor = _parsed(text, type(first))
    if cursor is None or cursor.of != first.of:
        raise Invalid(fields={"cursor": "is not valid"})
    return cursor


def _parsed(text: str, kind: type[C]) -> C | None:
    try:
        found = msgspec.json.decode(
            base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True), type=kind
        )
        # What we would not have written ourselves is not ours.
        return found if write_cursor(found) == text else None
    except ValueError:
        return None
