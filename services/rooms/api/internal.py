"""What other services ask rooms for over internal HTTP."""

from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.internal import (
    AccessAnswer,
    AccessRequest,
    BlocksAnswer,
    PeopleRequest,
    SharedRoomsAnswer,
    SharedRoomsRequest,
)
from libs.common.http.endpoint import Endpoint
from services.rooms.core.rules import roles_in, seers_of
from services.rooms.store.blocks import BlockStore
from services.rooms.store.members import MemberStore

SERVICES: Final = frozenset({"gateway", "messages", "presence"})


class InternalApi:
    """The endpoints of the internal port."""

    def __init__(self, members: MemberStore, blocks: BlockStore, *, clock: Clock) -> None:
        self._members = members
        self._blocks = blocks
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/internal/access", self.access, admits=SERVICES),
            Endpoint("POST", "/internal/acquaintances", self.acquaintances, admits=SERVICES),
            Endpoint("POST", "/internal/blocks", self.blocks, admits=SERVICES),
        ]

    async def access(self, body: AccessRequest) -> AccessAnswer:
        """Return what a room is and what these people are to it; a deleted room is none."""
        now = self._clock.now()
        found = await self._members.access(body.room_id, body.person_ids, now=now)
        if found is None:
            return AccessAnswer(kind=None, state=None, roles={}, seers=[])
        return AccessAnswer(
            kind=found.kind,
            state=found.state,
            roles=roles_in(found),
            seers=seers_of(found, now=now),
        )

    async def acquaintances(self, body: SharedRoomsRequest) -> SharedRoomsAnswer:
        """Return those who share a room with somebody, and have no block between them."""
        known = await self._members.acquaintances(body.person_id, body.person_ids)
        return SharedRoomsAnswer(person_ids=known)

    async def blocks(self, body: PeopleRequest) -> BlocksAnswer:
        """Return for each who has any those whom they have blocked or who have blocked them."""
        return BlocksAnswer(blocks=await self._blocks.of(body.person_ids))
