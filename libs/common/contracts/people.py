"""Whoever can act, and the roles that say what they may do.

A *person* is a user, a guest, a bot or the system itself. The name travels with the person
because a message keeps its author's name as it was shown when the message was written.
"""

from enum import StrEnum
from typing import Literal

import msgspec

from libs.common.contracts.ids import PersonId


class PersonKind(StrEnum):
    USER = "user"
    GUEST = "guest"
    BOT = "bot"
    SYSTEM = "system"


class SystemRole(StrEnum):
    """A role over the whole installation; OWNER and ADMIN count in every room too."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class RoomRole(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"


ChosenState = Literal["online", "away", "dnd", "invisible"]
"""What a person may choose to be seen as."""


class Person(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One person as shown at one moment."""

    kind: PersonKind
    id: PersonId
    name: str
