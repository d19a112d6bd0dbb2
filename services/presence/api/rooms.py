"""What presence asks of the rooms service: who may see whom, and where."""

from collections.abc import Sequence

from libs.common.client import InternalClient
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import (
    AccessAnswer,
    AccessRequest,
    BlocksAnswer,
    PeopleRequest,
    SharedRoomsAnswer,
    SharedRoomsRequest,
)
from libs.common.contracts.rooms import RoomKind
from libs.common.errors import NotFound


class RoomsService:
    """Each of these raises Unavailable, TimedOut."""

    def __init__(self, client: InternalClient) -> None:
        self._client = client

    async def among(self, person_id: PersonId, others: Sequence[PersonId]) -> set[PersonId]:
        """Return which of `others` share a room with the person, with no block between them."""
        asked = SharedRoomsRequest(person_id=person_id, person_ids=list(others))
        answer = await self._client.post("/internal/acquaintances", SharedRoomsAnswer, body=asked)
        return {*answer.person_ids, person_id}

    async def may_see(self, person_id: PersonId, room_id: RoomId) -> bool:
        """Tell whether the person may know of the room and of who is in it."""
        asked = AccessRequest(room_id=room_id, person_ids=[person_id])
        answer = await self._client.post("/internal/access", AccessAnswer, body=asked)
        if answer.seers is not None:
            return person_id in answer.seers
        # A rooms service of the release before this one.
        return answer.kind is RoomKind.PUBLIC or person_id in answer.roles

    async def blocked(self, person_id: PersonId) -> set[PersonId]:
        """Return those whom the person has blocked, and those who have blocked the person."""
        asked = PeopleRequest(person_ids=[person_id])
        try:
            answer = await self._client.post("/internal/blocks", BlocksAnswer, body=asked)
        except NotFound:
            # A rooms service of the release before this one knows no blocks.
            return set()
        return set(answer.blocks.get(person_id, ()))
