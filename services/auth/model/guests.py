"""Guests: people without an account, let into one room by the rooms service."""

from dataclasses import dataclass

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind
from services.auth.model.sessions import Device, Session

NOWHERE = Device("", "")
"""No list shows the session of a guest."""


@dataclass(frozen=True, slots=True)
class GuestSession:
    """The session of a guest, whose id stands where others have that of their account."""

    session: Session
    room_id: RoomId
    name: str

    @property
    def person(self) -> Person:
        return Person(PersonKind.GUEST, PersonId(self.session.account_id), self.name)
