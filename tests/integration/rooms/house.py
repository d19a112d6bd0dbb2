"""The rooms service as it runs: on a real Postgres and the in-process bus, with a stand-in auth."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import msgspec
from prometheus_client import CollectorRegistry

from libs.common.bus.interface import Consumer, Delivery
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import Spread, room_commands
from libs.common.chance import SystemChance
from libs.common.client import ClientSettings, InternalClient
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    ROOM_PAYLOADS,
    Command,
    Payload,
    decode_commands,
    read_payload,
)
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.errors import Unauthorized
from libs.common.http.people import Caller
from libs.common.http.settings import HttpSettings
from libs.common.postgres import Database
from libs.common.process import INTERNAL, PUBLIC, Doors, Process
from libs.common.service import Service
from services.rooms.app import build
from services.rooms.settings import RoomsSettings
from tests.integration.rooms.desk import GuestDesk
from tests.support.clock import SetClock
from tests.support.receipts import receipts
from tests.support.running_service import caller, running
from tests.support.service_database import service_pool

SHARDS = 4
PATIENCE_S = 10.0


@dataclass(slots=True)
class StandInAuth:
    """Knows people, lets their tokens (their names) in, and counts how often it is asked."""

    cards: dict[PersonId, PersonCard] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)
    asked: list[list[PersonId]] = field(default_factory=list)
    is_away: bool = False
    desk: GuestDesk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = GuestDesk(self.callers)

    async def verify(self, token: str, now: float) -> Caller:
        if token not in self.callers:
            raise Unauthorized
        return self.callers[token]

    def mint(self, audience: str) -> str:
        return f"rooms to {audience}"

    async def answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("nobody there", request=request)
        if request.url.path.startswith("/internal/guest"):
            return await self.desk.answer(request)
        ids = msgspec.json.decode(request.content, type=dict[str, list[PersonId]])["person_ids"]
        self.asked.append(ids)
        known = [self.cards[one].model_dump(mode="json") for one in ids if one in self.cards]
        return httpx.Response(200, json={"people": known})


class BackDoor:
    """Knows the other services by name."""

    def verify(self, token: str, now: float) -> str:
        if token not in {"messages", "presence", "gateway", "auth"}:
            raise Unauthorized
        return token


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody with an account, and their client."""

    id: PersonId
    name: str
    client: httpx.AsyncClient

    async def makes(self, title: str, **more: Any) -> dict[str, Any]:
        """Make a room, public unless it says otherwise."""
        body = {"kind": "public", "title": title} | more
        answer = await self.client.post("/v1/rooms", json=body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def joins(self, room: dict[str, Any]) -> httpx.Response:
        return await self.client.post(f"/v1/rooms/{room['id']}/join")

    async def leaves(self, room: dict[str, Any]) -> httpx.Response:
        return await self.client.post(f"/v1/rooms/{room['id']}/leave")

    async def gives(self, room: dict[str, Any], to: "Resident", role: str) -> httpx.Response:
        path = f"/v1/rooms/{room['id']}/members/{to.id}"
        return await self.client.put(path, json={"role": role})

    async def writes_to(self, *others: "Resident") -> httpx.Response:
        """Open the direct room with these people."""
        body = {"user_ids": [str(other.id) for other in others]}
        return await self.client.post("/v1/direct", json=body)

    async def sees(self, path: str, **params: Any) -> Any:
        """Return what is there to be seen."""
        answer = await self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass(slots=True)
class House:
    """One instance of rooms, the people around it, and what it told the messages service."""

    service: Service
    database: Database
    bus: LocalBus
    clock: SetClock
    auth: StandInAuth
    clients: AsyncExitStack
    commands: list[Command] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def client(self, token: str | None, *, door: str = PUBLIC) -> httpx.AsyncClient:
        return await self.clients.enter_async_context(caller(self.service, token, door=door))

    async def resident(
        self,
        name: str,
        *,
        system_role: SystemRole = SystemRole.MEMBER,
        kind: PersonKind = PersonKind.USER,
        is_disabled: bool = False,
    ) -> Resident:
        """Let somebody have an account."""
        number = len(self.auth.callers) + 1
        person_id = PersonId(UUID(int=number, version=4))
        self.auth.cards[person_id] = PersonCard(
            id=person_id,
            kind=kind,
            name=name,
            system_role=system_role,
            is_disabled=is_disabled,
            version=1,
        )
        self.auth.callers[name] = Caller(
            id=person_id,
            kind=kind,
            name=name,
            session_id=None,
            expires_at=self.clock.now() + 900,
            room_id=RoomId(UUID(int=1)) if kind is PersonKind.GUEST else None,
        )
        return Resident(person_id, name, await self.client(name))

    async def another_service(self, name: str) -> httpx.AsyncClient:
        return await self.client(name, door=INTERNAL)

    async def listen(self) -> None:
        """Obey commands as the messages service would: note them."""
        for shard in range(SHARDS):
            self._note_from(await self._consumer(shard))

    async def told(self, room: dict[str, Any], count: int) -> list[Payload]:
        """Wait until a room was told of `count` times, and return everything in order."""
        return [read_payload(one, ROOM_PAYLOADS) for one in await self.commanded(room, count=count)]

    async def commanded(self, room: dict[str, Any], count: int) -> list[Command]:
        """Wait for `count` commands about a room and return all of them."""
        async with asyncio.timeout(PATIENCE_S):
            while len(found := self._about(room)) < count:
                self.news.clear()
                await self.news.wait()
        return found

    def _about(self, room: dict[str, Any]) -> list[Command]:
        return [one for one in self.commands if str(one.subject) == room["id"]]

    async def _consumer(self, shard: int) -> Consumer:
        queue: list[Consumer] = []

        def on_delivery(delivery: Delivery) -> None:
            self.commands.extend(decode_commands(delivery.body))
            self.news.set()
            queue[0].settle(delivery)

        queue.append(await self.bus.consume(room_commands(shard), on_delivery, prefetch=1))
        return queue[0]

    def _note_from(self, consumer: Consumer) -> None:
        self.clients.push_async_callback(consumer.close)


@asynccontextmanager
async def house_at(
    dsn: str,
    *,
    has_messages: bool = True,
    database_knobs: Mapping[str, Any] | None = None,
    asleep: Collection[str] = (),
    auth: StandInAuth | None = None,
    **knobs: Any,
) -> AsyncIterator[House]:
    """Run the service on a migrated database; `knobs` are settings, workers that are `asleep` do
    not run.

    Without messages nobody takes commands from the bus, and every change waits for that in vain.
    Several instances may have one `auth`, which knows who is known at any of them.
    """
    clock = SetClock()
    bus = LocalBus(clock)
    auth = auth or StandInAuth()
    chance = SystemChance(SystemClock())
    client = _asking(auth, chance)
    process = Process(
        instance="one",
        bus=bus,
        spread=Spread(shards=SHARDS, event_buckets=1),
        clock=clock,
        chance=chance,
        registry=CollectorRegistry(),
        http=HttpSettings(),
    )
    async with client, service_pool(dsn, "rooms", **(database_knobs or {})) as database:
        service = build(
            RoomsSettings.model_validate(knobs),
            process,
            doors=Doors(people=auth, services=BackDoor()),
            database=database,
            auth=client,
            receipts=receipts("rooms", clock),
            public_url="https://chat.test",
        )
        awake = {worker.name for worker in service.workers} - set(asleep)
        async with running(service, workers=awake), AsyncExitStack() as clients:
            house = House(service, database, bus, clock, auth, clients)
            if has_messages:
                await house.listen()
            yield house


def _asking(auth: StandInAuth, chance: SystemChance) -> InternalClient:
    return InternalClient(
        "auth",
        "http://auth.test",
        settings=ClientSettings(),
        tokens=auth,
        clock=SystemClock(),
        chance=chance,
        transport=httpx.MockTransport(auth.answer),
    )
