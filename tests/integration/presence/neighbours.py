"""The services beside presence, faked: Alice and Bob share the private lobby."""

from typing import Any
from uuid import UUID

import httpx

from libs.common.contracts.ids import PersonId, RoomId, SessionId
from libs.common.contracts.internal import (
    AccessAnswer,
    AccessRequest,
    SharedRoomsAnswer,
    SharedRoomsRequest,
)
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import Unauthorized
from libs.common.http.people import Caller

ALICE = Person(PersonKind.USER, PersonId(UUID(int=1, version=4)), "Alice")
BOB = Person(PersonKind.USER, PersonId(UUID(int=2, version=4)), "Bob")
CHARLIE = Person(PersonKind.USER, PersonId(UUID(int=3, version=4)), "Charlie")
LOBBY = RoomId(UUID(int=11, version=4))


class Door:
    """Knows people by their names."""

    async def verify(self, token: str, now: float) -> Caller:
        known = {person.name: person for person in (ALICE, BOB, CHARLIE)}
        if token not in known:
            raise Unauthorized
        person = known[token]
        return Caller(person.id, person.kind, person.name, SessionId(UUID(int=9)), now + 900)


class BackDoor:
    def verify(self, token: str, now: float) -> str:
        return token


class Minter:
    def mint(self, audience: str) -> str:
        return "presence"


def rooms(request: httpx.Request) -> httpx.Response:
    """Answer as the rooms service does."""
    if request.url.path == "/internal/access":
        asked = AccessRequest.model_validate_json(request.content)
        members = {ALICE.id: RoomRole.OWNER, BOB.id: RoomRole.MEMBER}
        roles = {one: members[one] for one in asked.person_ids if one in members}
        answer: Any = AccessAnswer(kind=RoomKind.PRIVATE, state=RoomState.OPEN, roles=roles)
    else:
        shared = SharedRoomsRequest.model_validate_json(request.content)
        friends = {ALICE.id, BOB.id} if shared.person_id in {ALICE.id, BOB.id} else set()
        answer = SharedRoomsAnswer(person_ids=[one for one in shared.person_ids if one in friends])
    return httpx.Response(200, content=answer.model_dump_json())
