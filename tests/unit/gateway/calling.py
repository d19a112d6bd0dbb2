"""Gateways asked over HTTP without a network: requests in, answers out, and time stands still."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp, Message

from libs.common.bus.interface import (
    Delivery,
    Outgoing,
)
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import EVENTS, FACTS, Spread, bucket_key, person_commands
from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    ReportLease,
    decode_commands,
    read_payload,
)
from libs.common.contracts.events import (
    EVENT_BATCH,
    PERSONAL_BATCH,
    SIGNAL_BATCH,
    Personal,
    RoomEvent,
    Signal,
    encode_batch,
)
from libs.common.contracts.facts import FACT, Fact, encode_fact
from libs.common.contracts.ids import RoomId, SessionId
from libs.common.errors import Unauthorized
from libs.common.http.people import Caller
from libs.common.http.settings import HttpSettings
from libs.common.listeners import CUT, ListenerSettings
from libs.common.process import Doors, Process
from libs.common.service import Service
from libs.common.tokens.access import SessionRevoked
from libs.common.tokens.revoked import RevokedSessions
from services.gateway.app import Others, build
from services.gateway.settings import GatewaySettings
from tests.support.clock import CountedChance, SetClock, settle
from tests.unit.gateway.fakes import (
    ALICE,
    BOB,
    CHARLIE,
    FIRST_EPOCH,
    LOBBY,
    FakeAuth,
    FakeMessages,
    FakePresence,
    FakeRooms,
)
from tests.unit.gateway.hearing import OwnWay
from tests.unit.gateway.speaking import LIFE_S

SPREAD = Spread(shards=1, event_buckets=1)


class Door:
    """Knows people by their names. `lives_s` and `only` are what their tokens say."""

    def __init__(self, revoked: RevokedSessions) -> None:
        self._revoked = revoked
        self.lives_s = LIFE_S
        self.only: RoomId | None = None

    async def verify(self, token: str, now: float) -> Caller:
        for person in (ALICE, BOB, CHARLIE):
            if person.name == token:
                session = SessionId(person.id)
                if self._revoked.has(session):
                    raise SessionRevoked
                expires_at = now + self.lives_s
                return Caller(
                    person.id, person.kind, person.name, session, expires_at, room_id=self.only
                )
        raise Unauthorized


class BackDoor:
    def verify(self, token: str, now: float) -> str:
        return token


@dataclass
class Answer:
    """What came back so far; `status` is 0 before anything did. `frames` are raw."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    is_whole: bool = False

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        return str(self.body["code"])

    @property
    def seqs(self) -> list[int]:
        return [frame["seq"] for frame in self.body["events"]]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.raw.splitlines()]


class Call:
    """One request, and a client that waits for its answer.

    `says` is unset while it keeps the body back, and `takes` while it reads nothing.
    """

    def __init__(self, app: ASGIApp, path: str, body: bytes, token: str) -> None:
        self.answer = Answer()
        self.gone = asyncio.Event()
        self.takes = asyncio.Event()
        self.takes.set()
        self.says = asyncio.Event()
        self.says.set()
        self._body: bytes | None = body
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "client": ("192.0.2.1", 1),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "extensions": {CUT: {CUT: self.cut}},
        }
        self.task = asyncio.create_task(self._run(app, scope))

    def cut(self) -> None:
        """End the connection, from either side."""
        self.gone.set()
        self.takes.set()

    async def _run(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        await app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        await self.says.wait()
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        await self.takes.wait()
        if message["type"] == "http.response.start":
            self.answer.status = message["status"]
            self.answer.headers = {
                name.decode(): value.decode() for name, value in message["headers"]
            }
        else:
            self.answer.raw += message["body"]
            self.answer.is_whole = not message.get("more_body", False)


class World:
    """What all gateways have in common: time, a bus, and the other services."""

    def __init__(self) -> None:
        self.clock, self.chance = SetClock(), CountedChance()
        self.bus = LocalBus(self.clock)
        self.messages, self.presence, self.auth = FakeMessages(), FakePresence(), FakeAuth()
        self.messages.log()
        self.leases: list[tuple[str, ReportLease]] = []

    async def open(self) -> None:
        """Be the presence service: take leases."""
        await self.bus.consume(person_commands(0), self._on_lease, prefetch=1 << 20)

    async def say(self, number: int = 1, room_id: RoomId = LOBBY, **more: Any) -> None:
        """Let somebody write: into the log, and over the bus."""
        for _ in range(number):
            await self.publish(self.messages.log(room_id).add(**more))

    async def publish(self, event: RoomEvent) -> None:
        await self._send("e", event.room_id, EVENT_BATCH, encode_batch([event]))

    async def signal(self, signal: Signal) -> None:
        await self._send("s", signal.room_id, SIGNAL_BATCH, encode_batch([signal]))

    async def tell(self, personal: Personal) -> None:
        await self._send("u", personal.person_id, PERSONAL_BATCH, encode_batch([personal]))

    async def announce(self, key: str, fact: Fact) -> None:
        await self.bus.publish(Outgoing(FACTS, key, FACT, encode_fact(fact)), timeout_s=1)
        await settle()

    async def _send(self, letter: str, subject: Any, type_: str, body: bytes) -> None:
        key = bucket_key(letter, subject, SPREAD.event_buckets)
        await self.bus.publish(Outgoing(EVENTS, key, type_, body), timeout_s=1)

    def _on_lease(self, delivery: Delivery) -> None:
        for command in decode_commands(delivery.body):
            payload = read_payload(command, PERSON_PAYLOADS)
            assert isinstance(payload, ReportLease)
            self.leases.append((command.actor.name, payload))


@dataclass
class Gateway:
    """One running gateway."""

    world: World
    service: Service
    way: OwnWay
    door: Door
    registry: CollectorRegistry

    def ask(self, path: str, *, token: str = ALICE.name, **body: Any) -> Call:
        """Send a request."""
        return Call(self.service.listeners[0].app, path, json.dumps(body).encode(), token)

    async def sync(self, *, token: str = ALICE.name, **body: Any) -> Answer:
        """Poll without waiting and return the answer."""
        call = self.ask("/v1/sync", token=token, **{"timeout_ms": 0} | body)
        await call.task
        return call.answer

    async def wait(self, *, token: str = ALICE.name, **body: Any) -> Call:
        """Poll, and let the poll get as far as it can."""
        call = self.ask("/v1/sync", token=token, **body)
        await settle()
        return call

    async def stream(self, *, token: str = ALICE.name, **body: Any) -> Call:
        call = self.ask("/v1/stream", token=token, **body)
        await settle()
        return call

    def drain(self) -> asyncio.Task[None]:
        """Begin to send everybody away."""

        async def run() -> None:
            for drain in self.service.on_drain:
                await drain()

        return asyncio.create_task(run())

    def counted(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"chat_gateway_{name}", labels)


def at(seq: int, room_id: RoomId = LOBBY, *, epoch: str = FIRST_EPOCH) -> dict[str, Any]:
    """Return the cursors of somebody who has got so far in one room."""
    return {str(room_id): {"seq": seq, "epoch": epoch}}


@asynccontextmanager
async def gateway(world: World, *, name: str = "one", **knobs: Any) -> AsyncIterator[Gateway]:
    """Run a gateway in a world until the block ends."""
    registry, revoked, way = CollectorRegistry(), RevokedSessions(), OwnWay(world.bus)
    door = Door(revoked)
    service = build(
        GatewaySettings(port=0, internal_port=0, **knobs),
        Process(name, way, SPREAD, world.clock, world.chance, registry, HttpSettings()),
        doors=Doors(door, BackDoor()),
        revoked=revoked,
        others=Others(world.auth, world.messages, world.presence, FakeRooms()),
        listening=ListenerSettings(),
        beside=lambda own: own,
        on_keys_rotated=lambda: None,
    )
    for start in service.on_start:
        await start()
    workers = [asyncio.create_task(worker.run()) for worker in service.workers]
    await settle()
    try:
        yield Gateway(world, service, way, door, registry)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        for stop in reversed(service.on_stop):
            await stop()
