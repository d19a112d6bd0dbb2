"""The messages service as it runs, on a real Postgres and the in-process bus."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from prometheus_client import CollectorRegistry

from libs.common.bus.interface import Bus, Inbox, Outgoing
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import COMMANDS, Spread, bucket_bindings, room_command_key
from libs.common.chance import SystemChance
from libs.common.claims import Alone
from libs.common.client import ClientSettings, InternalClient
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    Payload,
    PostMessage,
    ProjectMember,
    ProjectRoom,
    encode_commands,
    kind_of,
    write_payload,
)
from libs.common.contracts.ids import CommandId, ConnectionId, RoomId
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from libs.common.http.settings import HttpSettings
from libs.common.postgres import Database
from libs.common.process import INTERNAL, PUBLIC, Doors, Process
from libs.common.service import Service
from services.messages.app import build
from services.messages.settings import MessagesSettings
from tests.integration.messages.around import (
    ALICE,
    BOB,
    LOBBY,
    PATIENCE_S,
    BackDoor,
    Door,
    Heard,
    Minter,
    Rooms,
)
from tests.support.clock import SetClock, settle
from tests.support.receipts import receipts
from tests.support.running_service import caller, running

SHARDS = 2
BUCKETS = 2


@dataclass
class House:
    """One instance of messages and everybody around it."""

    service: Service
    database: Database
    bus: Bus
    clock: SetClock
    rooms: Rooms
    heard: Heard
    inbox: Inbox
    stack: AsyncExitStack
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    versions: dict[RoomId, int] = field(default_factory=dict)

    def command(
        self,
        person: Person,
        payload: Payload,
        *,
        room_id: RoomId = LOBBY,
        command_id: str | None = None,
        deadline: float | None = None,
    ) -> Command:
        """Return a command as the gateway sends it; its `ref` is the number it is asked by."""
        number = next(self.numbers)
        return Command(
            kind=kind_of(payload),
            subject=room_id,
            actor=person,
            command_id=CommandId(command_id or f"command-{number}"),
            ref=str(number),
            origin=self.inbox.address,
            connection=ConnectionId("phone"),
            request_id="r-1",
            traceparent="",
            deadline=self.clock.now() + 10 if deadline is None else deadline,
            payload=write_payload(payload),
        )

    async def send(self, *commands: Command) -> None:
        """Put commands to one room on the bus, in one batch."""
        await self.put(commands[0].subject, COMMAND_BATCH, encode_commands(commands))

    async def put(self, room_id: UUID, kind: str, body: bytes) -> None:
        key = room_command_key(room_id, SHARDS)
        message = Outgoing(COMMANDS, key, kind, body, is_mandatory=True)
        await self.bus.publish(message, timeout_s=PATIENCE_S)

    async def answer(self, command: Command) -> dict[str, Any]:
        """Return the one answer to a command that was sent."""
        ref = command.ref or ""
        await self.heard.until(lambda: ref in self.heard.answers)
        await settle()
        [answer] = self.heard.answers[ref]
        return answer

    async def ask(self, person: Person, payload: Payload, **more: Any) -> dict[str, Any]:
        """Send a command and return its answer."""
        command = self.command(person, payload, **more)
        await self.send(command)
        return await self.answer(command)

    async def post(self, person: Person, content: str, **more: Any) -> dict[str, Any]:
        """Write a message and return the data of its ack."""
        answer = await self.ask(person, PostMessage(content), **more)
        assert answer["type"] == "ack", answer
        return dict(answer["data"])

    async def told_of_room(
        self,
        room_id: RoomId = LOBBY,
        *,
        kind: RoomKind = RoomKind.PRIVATE,
        state: RoomState = RoomState.OPEN,
        title: str = "Lobby",
        slow_mode_s: int = 0,
    ) -> None:
        """Let rooms tell what a room is now."""
        version = self._version(room_id)
        self.rooms.kinds[room_id] = kind
        payload = ProjectRoom(version, kind, state, title, "", slow_mode_s)
        await self.ask(ALICE, payload, room_id=room_id)

    async def told_of_member(
        self,
        person: Person,
        role: RoomRole | None = RoomRole.MEMBER,
        *,
        room_id: RoomId = LOBBY,
        departure: Departure | None = None,
        muted_until: float | None = None,
    ) -> None:
        """Let rooms tell that somebody came, changed or left."""
        payload = self.membership(
            person, role, room_id=room_id, departure=departure, muted_until=muted_until
        )
        await self.ask(person, payload, room_id=room_id)

    async def told_of_ban(self, person: Person, *, until: float) -> None:
        """Let rooms tell that somebody is banned until then."""
        payload = ProjectMember(
            self._version(LOBBY), person, None, Departure.BANNED, banned_until=until
        )
        await self.ask(person, payload)

    def membership(
        self,
        person: Person,
        role: RoomRole | None = RoomRole.MEMBER,
        *,
        room_id: RoomId = LOBBY,
        departure: Departure | None = None,
        muted_until: float | None = None,
    ) -> ProjectMember:
        version = self._version(room_id)
        return ProjectMember(version, person, role, departure, muted_until)

    async def lobby(self, *, kind: RoomKind = RoomKind.PRIVATE, **more: Any) -> None:
        """Begin a room that Alice owns and Bob is in."""
        await self.told_of_room(kind=kind, **more)
        await self.told_of_member(ALICE, RoomRole.OWNER)
        await self.told_of_member(BOB)

    async def client(self, token: str | None, *, door: str = PUBLIC) -> httpx.AsyncClient:
        return await self.stack.enter_async_context(caller(self.service, token, door=door))

    async def gateway(self) -> httpx.AsyncClient:
        return await self.client("gateway", door=INTERNAL)

    def _version(self, room_id: RoomId) -> int:
        self.versions[room_id] = self.versions.get(room_id, 0) + 1
        return self.versions[room_id]


@asynccontextmanager
async def house_at(
    database: Database, *, bus: Bus | None = None, instance: str = "one", **settings: Any
) -> AsyncIterator[House]:
    """Run an instance of messages."""
    clock, rooms, heard = SetClock(), Rooms(), Heard()
    bus = bus or LocalBus(SystemClock())
    chance = SystemChance(clock)
    async with AsyncExitStack() as stack:
        asked_rooms = InternalClient(
            "rooms",
            "http://rooms.test",
            settings=ClientSettings(),
            tokens=Minter(),
            clock=SystemClock(),
            chance=chance,
            transport=httpx.MockTransport(rooms.answer),
        )
        await stack.enter_async_context(asked_rooms)
        process = Process(
            instance=instance,
            bus=bus,
            spread=Spread(shards=SHARDS, event_buckets=BUCKETS),
            clock=clock,
            chance=chance,
            registry=CollectorRegistry(),
            http=HttpSettings(),
        )
        service = build(
            MessagesSettings(**settings),
            process,
            doors=Doors(Door(), BackDoor()),
            database=database,
            claim=Alone(),
            rooms=asked_rooms,
            receipts=receipts("messages", clock),
        )
        bindings = bucket_bindings("eush", BUCKETS)
        inbox = await bus.open_inbox("gateway", bindings, heard.on_delivery, on_gap=lambda: None)
        async with running(service):
            yield House(service, database, bus, clock, rooms, heard, inbox, stack)
        await inbox.close()
