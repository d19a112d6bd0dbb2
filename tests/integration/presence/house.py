"""A running presence service, and somebody who hears everything on the bus."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from libs.common.bus.interface import Binding, Delivery, Outgoing
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import (
    COMMANDS,
    EVENTS,
    ROSTER_KEY,
    Spread,
    bucket_bindings,
    person_command_key,
    person_shard_key,
)
from libs.common.chance import SystemChance
from libs.common.client import ClientSettings, InternalClient
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    CompleteReport,
    LeaseChange,
    Payload,
    ReportLease,
    encode_commands,
    kind_of,
    write_payload,
)
from libs.common.contracts.events import (
    decode_rosters,
    decode_signals,
)
from libs.common.contracts.ids import CommandId, ConnectionId
from libs.common.contracts.people import Person
from libs.common.http.settings import HttpSettings
from libs.common.postgres import Database
from libs.common.process import INTERNAL, PUBLIC, Doors, Process
from libs.common.service import Service
from services.presence.app import build
from services.presence.settings import PresenceSettings
from tests.integration.presence.neighbours import (
    ALICE,
    LOBBY,
    BackDoor,
    Door,
    Minter,
    Rooms,
)
from tests.support.receipts import receipts
from tests.support.waiting import eventually

PATIENCE_S = 5.0
SOON_S = 0.05
SHARDS = 2


@dataclass
class House:
    """A running presence service and somebody who hears everything on the bus."""

    bus: LocalBus
    service: Service
    roster: UUID
    rooms: Rooms
    heard: asyncio.Queue[Delivery]
    address: str

    def app(self, name: str) -> ASGIApp:
        return next(one.app for one in self.service.listeners if one.name == name)

    async def tell(
        self,
        person: Person,
        payload: Payload,
        ref: str | None = None,
        *,
        subject: UUID | None = None,
        shard: int | None = None,
    ) -> None:
        command = Command(
            kind_of(payload),
            subject or person.id,
            person,
            CommandId("c-1"),
            ref,
            self.address,
            ConnectionId("phone"),
            "r-1",
            "",
            SystemClock().now() + PATIENCE_S,
            write_payload(payload),
        )
        body = encode_commands([command])
        key = person_command_key(person.id, SHARDS) if shard is None else person_shard_key(shard)
        message = Outgoing(COMMANDS, key, COMMAND_BATCH, body, is_mandatory=True)
        await self.bus.publish(message, timeout_s=PATIENCE_S)

    async def next(self) -> Delivery:
        async with asyncio.timeout(PATIENCE_S):
            return await self.heard.get()

    async def next_signal(self) -> dict[str, Any]:
        [signal] = decode_signals((await self.next()).body)
        return dict(json.loads(signal.frame)["data"])

    async def complete(self, gateway: str) -> None:
        """Say that those were all leases of a gateway."""
        for shard in range(SHARDS):
            report = CompleteReport(gateway, shard)
            await self.tell(ALICE, report, subject=self.roster, shard=shard)

    async def next_shown(self) -> dict[str, Any]:
        """Return who is in the lobby, as the next frame says that lists them."""
        while "users" not in (data := await self.next_signal()):
            pass
        return data

    async def ask(self, path: str, **body: Any) -> Any:
        """Ask as a gateway does."""
        transport = httpx.ASGITransport(app=self.app(INTERNAL))
        headers = {"authorization": "Bearer gateway"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://presence.test", headers=headers
        ) as http:
            return (await http.post(path, json=body)).json()

    @asynccontextmanager
    async def as_person(self, name: str) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=self.app(PUBLIC))
        headers = {"authorization": f"Bearer {name}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://chat.test", headers=headers
        ) as http:
            yield http


@asynccontextmanager
async def running(database: Database, settings: PresenceSettings) -> AsyncIterator[House]:
    """Run the service; it has asked for all leases."""
    clock = SystemClock()
    chance = SystemChance(clock)
    bus = LocalBus(clock)
    rooms = Rooms()
    heard: asyncio.Queue[Delivery] = asyncio.Queue()
    asked: asyncio.Queue[Delivery] = asyncio.Queue()

    def on_delivery(delivery: Delivery) -> None:
        (asked if delivery.key == ROSTER_KEY else heard).put_nowait(delivery)

    bindings = [*bucket_bindings("s", 1), Binding(EVENTS, ROSTER_KEY)]
    inbox = await bus.open_inbox("test", bindings, on_delivery, on_gap=lambda: None)
    service = build(
        settings,
        Process(
            "1",
            bus,
            Spread(shards=SHARDS, event_buckets=1),
            clock,
            chance,
            CollectorRegistry(),
            HttpSettings(),
        ),
        doors=Doors(Door(), BackDoor()),
        database=database,
        rooms=InternalClient(
            "rooms",
            "http://rooms.test",
            settings=ClientSettings(),
            tokens=Minter(),
            clock=clock,
            chance=chance,
            transport=httpx.MockTransport(rooms.answer),
        ),
        receipts=receipts("presence", clock),
    )
    for hook in service.on_start:
        await hook()
    working = [asyncio.create_task(worker.run()) for worker in service.workers]
    async with asyncio.timeout(PATIENCE_S):
        [started] = decode_rosters((await asked.get()).body)
    yield House(bus, service, started.roster, rooms, heard, inbox.address)
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    for hook in service.on_stop:
        await hook()


async def until_whole(house: House) -> None:
    async def is_known() -> bool:
        answer = await house.ask("/internal/online", room_ids=[str(LOBBY)])
        return bool(answer["rooms"][0]["is_known"])

    await eventually(is_known, bool, within_s=PATIENCE_S)


def opened(*, at: str = "gw.1", device: str = "phone") -> ReportLease:
    return ReportLease(LeaseChange.OPENED, ConnectionId(device), at, rooms=(LOBBY,))


def renewed(*, at: str = "gw.1", device: str = "phone") -> ReportLease:
    return ReportLease(LeaseChange.RENEWED, ConnectionId(device), at, rooms=(LOBBY,))


def closed(*, at: str = "gw.1", device: str = "phone") -> ReportLease:
    return ReportLease(LeaseChange.CLOSED, ConnectionId(device), at)
