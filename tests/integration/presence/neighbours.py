"""The services beside presence, faked: Alice, Bob and a guest share the private lobby."""

from dataclasses import dataclass, field
from uuid import UUID

import httpx
from pydantic import BaseModel

from libs.common.contracts.ids import PersonId, RoomId, SessionId
from libs.common.contracts.internal import (
    AccessAnswer,
    AccessRequest,
    BlocksAnswer,
    PeopleRequest,
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
GUEST = Person(PersonKind.GUEST, PersonId(UUID(int=4, version=4)), "Guest")
LOBBY = RoomId(UUID(int=11, version=4))
MEMBERS = {ALICE.id: RoomRole.OWNER, BOB.id: RoomRole.MEMBER, GUEST.id: RoomRole.GUEST}


class Door:
    """Knows people by their names."""

    async def verify(self, token: str, now: float) -> Caller:
        known = {person.name: person for person in (ALICE, BOB, CHARLIE, GUEST)}
        if token not in known:
            raise Unauthorized
        person = known[token]
        room_id = LOBBY if person is GUEST else None
        session_id = SessionId(UUID(int=9))
        return Caller(person.id, person.kind, person.name, session_id, now + 900, room_id)


class BackDoor:
    def verify(self, token: str, now: float) -> str:
        return token


class Minter:
    def mint(self, audience: str) -> str:
        return "presence"


@dataclass
class Rooms:
    """The rooms service. `blocks` are pairs of people between whom there is one."""

    blocks: list[frozenset[PersonId]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        answer = {
            "/internal/access": _access,
            "/internal/acquaintances": self._acquaintances,
            "/internal/blocks": self._blocks,
        }[path](request.content)
        return httpx.Response(200, content=answer.model_dump_json())

    def _acquaintances(self, body: bytes) -> BaseModel:
        asked = SharedRoomsRequest.model_validate_json(body)
        friends = set(MEMBERS) if asked.person_id in MEMBERS else set()
        friends -= self._blocked(asked.person_id)
        return SharedRoomsAnswer(person_ids=[one for one in asked.person_ids if one in friends])

    def _blocks(self, body: bytes) -> BaseModel:
        asked = PeopleRequest.model_validate_json(body)
        return BlocksAnswer(blocks={one: list(self._blocked(one)) for one in asked.person_ids})

    def _blocked(self, person_id: PersonId) -> set[PersonId]:
        return {one for pair in self.blocks if person_id in pair for one in pair - {person_id}}


def _access(body: bytes) -> BaseModel:
    asked = AccessRequest.model_validate_json(body)
    roles = {one: MEMBERS[one] for one in asked.person_ids if one in MEMBERS}
    return AccessAnswer(kind=RoomKind.PRIVATE, state=RoomState.OPEN, roles=roles, seers=list(roles))
