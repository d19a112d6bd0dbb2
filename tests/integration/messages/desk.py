"""Deciding and writing without a bus: an instance that remembers nothing."""

from typing import Any
from uuid import UUID

from libs.common.contracts.commands import (
    Payload,
    PostMessage,
    ProjectMember,
    ProjectRoom,
)
from libs.common.contracts.ids import MessageId, RoomId, Seq
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.postgres import Database
from services.messages.core.decide import Decision, decide
from services.messages.core.pace import Pace
from services.messages.core.wanted import wanted_of
from services.messages.model.changes import Asked, Known
from services.messages.model.log import Entry
from services.messages.model.rooms import Room
from services.messages.store.entries import EntryStore
from services.messages.store.known import KnownStore
from services.messages.store.log import LogStore
from services.messages.store.messages import MessageStore
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import ALICE, BOB, LOBBY, around, asked

PARTY = "\U0001f389"
CELLAR = RoomId(UUID(int=12, version=4))


class Desk:
    """Decides and writes like an instance that remembers nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.log = LogStore(database)
        self.known = KnownStore(database)
        self.entries = EntryStore(database)
        self.messages = MessageStore(database)
        self._around = around()

    async def look_up(self, *commands: Asked, room_id: RoomId = LOBBY) -> Known:
        found = await self.known.look_up([wanted_of(room_id, commands)])
        return found[room_id]

    async def decide(self, *commands: Asked, room_id: RoomId = LOBBY) -> Decision:
        known = await self.look_up(*commands, room_id=room_id)
        return decide(room_id, known, commands, pace=Pace(), around=self._around)

    async def write(self, *decisions: Decision) -> set[RoomId]:
        return await self.log.write([one.change for one in decisions], now=TEN_O_CLOCK)

    async def obey(self, person: Person, payload: Payload, **more: Any) -> Decision:
        decision = await self.decide(asked(person, payload, **more))
        assert not await self.write(decision)
        return decision

    async def post(self, person: Person, content: str, **more: Any) -> MessageId:
        decision = await self.obey(person, PostMessage(content), **more)
        message = decision.change.entries[0].message
        assert message is not None
        return message.id

    async def logged(self, room_id: RoomId = LOBBY) -> tuple[Room, list[Entry]]:
        found = await self.entries.after(room_id, Seq(0), limit=500)
        assert found is not None
        return found

    async def begin(self, room_id: RoomId = LOBBY) -> None:
        told = ProjectRoom(1, RoomKind.PRIVATE, RoomState.OPEN, "Lobby", "", 0)
        decision = await self.decide(
            asked(ALICE, told),
            asked(ALICE, ProjectMember(2, ALICE, RoomRole.OWNER)),
            asked(ALICE, ProjectMember(3, BOB, RoomRole.MEMBER)),
            room_id=room_id,
        )
        assert not await self.write(decision)

    async def count(self, statement: str) -> int:
        return int(await self.database.fetchval(statement))
