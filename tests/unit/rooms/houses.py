"""A room, and people who stand in it."""

from uuid import UUID

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from services.rooms.model import Room


def card(number: int, name: str, *, system_role: SystemRole = SystemRole.MEMBER) -> PersonCard:
    return PersonCard(
        id=PersonId(UUID(int=number, version=4)),
        kind=PersonKind.USER,
        name=name,
        system_role=system_role,
        is_disabled=False,
        version=1,
    )


ALICE = card(1, "Alice")
BOB = card(2, "Bob")

LOBBY = Room(
    id=RoomId(UUID(int=7, version=4)),
    kind=RoomKind.PUBLIC,
    state=RoomState.OPEN,
    title="Lobby",
    title_key="lobby",
    topic="",
    slow_mode_s=0,
    owner_id=ALICE.id,
    version=1,
    member_count=1,
    created_at=0.0,
    updated_at=0.0,
)
