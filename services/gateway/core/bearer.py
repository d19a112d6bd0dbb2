"""Whom a connection belongs to."""

from dataclasses import dataclass, replace

from libs.common.contracts.ids import RoomId, SessionId
from libs.common.contracts.people import Person
from libs.common.contracts.scopes import Scope
from libs.common.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a verified token says this is, and until when: monotonic, and as clients read it.

    A guest's token is good for `room_id` only, an API token for its `scopes`; None is a session.
    """

    person: Person
    session_id: SessionId | None
    expires_at: float
    expires_text: str
    room_id: RoomId | None
    scopes: frozenset[Scope] | None = None

    def check_room(self, room_id: RoomId) -> None:
        """Keep a guest in the one room.  Raises: NotFound."""
        if self.room_id is not None and room_id != self.room_id:
            raise NotFound

    def check_chooses(self) -> None:
        """Keep a guest as they are seen: there, or not.  Raises: Forbidden."""
        if self.room_id is not None:
            raise Forbidden

    def is_same_session(self, other: "Bearer") -> bool:
        return (self.person.id, self.session_id) == (other.person.id, other.session_id)

    def renamed(self, name: str) -> "Bearer":
        return replace(self, person=Person(self.person.kind, self.person.id, name))
