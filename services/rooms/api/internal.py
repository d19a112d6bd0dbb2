"""What other services ask rooms for over internal HTTP."""

from typing import Final

from libs.common.contracts.internal import (
    AccessAnswer,
    AccessRequest,
    SharedRoomsAnswer,
    SharedRoomsRequest,
)
from libs.common.http.endpoint import Endpoint
from services.rooms.store.members import MemberStore

SERVICES: Final = frozenset({"gateway", "messages", "presence"})


class InternalApi:
    """The endpoints of the internal port."""

    def __init__(self, members: MemberStore) -> None:
        self._members = members

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/internal/access", self.access, admits=SERVICES),
            Endpoint("POST", "/internal/acquaintances", self.acquaintances, admits=SERVICES),
        ]

    async def access(self, body: AccessRequest) -> AccessAnswer:
        """Return what a room is and what these people are in it; a deleted room is none."""
        found = await self._members.access(body.room_id, body.person_ids)
        if found is None:
            return AccessAnswer(kind=None, state=None, roles={})
        return AccessAnswer(kind=found.kind, state=found.state, roles=found.roles)

    async def acquaintances(self, body: SharedRoomsRequest) -> SharedRoomsAnswer:
        """Return those who share a room with somebody."""
        known = await self._members.acquaintances(body.person_id, body.person_ids)
        return SharedRoomsAnswer(person_ids=known)
