"""A gateway with real sockets on loopback, an in-process bus, and the other services faked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from libs.common.bus.answering import acked, publish_answers
from libs.common.bus.interface import Delivery, Outgoing
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import (
    EVENTS,
    FACTS,
    Spread,
    bucket_key,
    person_commands,
    room_commands,
)
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    ROOM_PAYLOADS,
    Command,
    PostMessage,
    decode_commands,
    read_payload,
)
from libs.common.contracts.events import (
    EVENT_BATCH,
    HEAD_DIGEST,
    PERSONAL_BATCH,
    SIGNAL_BATCH,
    Personal,
    RoomEvent,
    RoomHead,
    Signal,
    encode_batch,
)
from libs.common.contracts.facts import FACT, Fact, encode_fact
from libs.common.contracts.ids import RoomId, Seq, SessionId
from libs.common.contracts.people import Person
from libs.common.errors import Unauthorized
from libs.common.http.people import Caller
from libs.common.http.settings import HttpSettings
from libs.common.listeners import ListenerSettings, PortServer, bind, server
from libs.common.process import Doors, Process
from libs.common.service import Service
from libs.common.tokens.access import SessionRevoked
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.signed import TokenExpired
from services.gateway.app import Others, build
from services.gateway.settings import GatewaySettings
from tests.integration.gateway.client import PATIENCE_S, Client
from tests.unit.gateway.fakes import (
    ALICE,
    BOB,
    CHARLIE,
    FakeAuth,
    FakeMessages,
    FakePresence,
    FakeRooms,
)
from tests.unit.gateway.indoors import BackDoor

CHAT = Subprotocol("chat.v1")
SPREAD = Spread(shards=2, event_buckets=2)

PEOPLE = {person.name: person for person in (ALICE, BOB, CHARLIE)}

LIFE_S = 900.0

OWN = ("/v1/sync", "/v1/stream")
"""What the gateway answers itself beside sockets."""


def session_of(person: Person) -> SessionId:
    return SessionId(person.id)


class Door:
    """Knows people by their names: the token `Alice` is hers, `Alice-3` is good for 3 seconds."""

    def __init__(self, revoked: RevokedSessions) -> None:
        self.revoked = revoked

    async def verify(self, token: str, now: float) -> Caller:
        name, _, life = token.partition("-")
        if name == "expired":
            raise TokenExpired
        if name not in PEOPLE:
            raise Unauthorized
        person = PEOPLE[name]
        if self.revoked.has(session_of(person)):
            raise SessionRevoked
        expires_at = now + float(life or LIFE_S)
        return Caller(person.id, person.kind, person.name, session_of(person), expires_at)


async def api(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand for the HTTP APIs of all services."""
    await PlainTextResponse("the api")(scope, receive, send)


@dataclass
class House:
    """The running gateway and everything around it."""

    port: int
    bus: LocalBus
    service: Service
    messages: FakeMessages
    presence: FakePresence
    auth: FakeAuth
    rooms: FakeRooms
    registry: CollectorRegistry
    clock: SystemClock
    commands: asyncio.Queue[Command] = field(default_factory=asyncio.Queue)
    leases: asyncio.Queue[Command] = field(default_factory=asyncio.Queue)
    query: str = ""

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/ws{self.query}"

    @asynccontextmanager
    async def socket(self, **more: Any) -> AsyncIterator[Client]:
        """Open a socket that has said nothing yet."""
        options: dict[str, Any] = {"subprotocols": [CHAT], "compression": None, "proxy": None}
        async with connect(self.url, **options | more) as socket:
            yield Client(socket)

    @asynccontextmanager
    async def client(
        self, person: Person = ALICE, *, resume: list[Any] | None = None, **more: Any
    ) -> AsyncIterator[Client]:
        """Open a socket and say who it belongs to; `hello` and `ready` are read."""
        async with self.socket(**more) as client:
            await client.next("hello")
            data: dict[str, Any] = {"token": person.name}
            await client.say("auth", data | ({"resume": resume} if resume else {}))
            client.ready = await client.next("ready")
            yield client

    async def publish(self, *events: RoomEvent) -> None:
        """Send events as the owner of the log does."""
        for one in events:
            await self._send("e", one.room_id, EVENT_BATCH, encode_batch([one]))

    async def publish_together(self, *events: RoomEvent) -> None:
        """Send events of one room as one batch."""
        await self._send("e", events[0].room_id, EVENT_BATCH, encode_batch(events))

    async def closed_with(self, code: int) -> None:
        """Wait until the gateway has counted a close with this code."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.counted("closes_total", code=str(code)):
                await self.clock.sleep(0.02)

    def counted(self, name: str, **labels: str) -> float | None:
        """Return what a metric of the gateway says."""
        return self.registry.get_sample_value(f"chat_gateway_{name}", labels)

    async def drain(self) -> None:
        for drain in self.service.on_drain:
            await drain()

    async def publish_head(self, room_id: RoomId, seq: int) -> None:
        await self._send("h", room_id, HEAD_DIGEST, encode_batch([RoomHead(room_id, Seq(seq))]))

    async def signal(self, signal: Signal) -> None:
        await self._send("s", signal.room_id, SIGNAL_BATCH, encode_batch([signal]))

    async def tell(self, personal: Personal) -> None:
        body = encode_batch([personal])
        await self._send("u", personal.person_id, PERSONAL_BATCH, body)

    async def announce(self, key: str, fact: Fact) -> None:
        await self.bus.publish(Outgoing(FACTS, key, FACT, encode_fact(fact)), timeout_s=1)

    async def next_command(self) -> Command:
        async with asyncio.timeout(PATIENCE_S):
            return await self.commands.get()

    async def next_lease(self) -> Command:
        async with asyncio.timeout(PATIENCE_S):
            return await self.leases.get()

    async def ack(self, command: Command, **result: Any) -> None:
        answer = acked(command, result, now=0.0)
        await publish_answers(self.bus, [(command, answer)], timeout_s=1)

    async def obey_posts(self) -> None:
        """Be the messages service: append, answer, publish, for ever."""
        while True:
            command = await self.commands.get()
            payload = read_payload(command, ROOM_PAYLOADS)
            assert isinstance(payload, PostMessage)
            added = self.messages.log(RoomId(command.subject)).add(payload.content)
            await self.ack(command, seq=added.seq, message_id=str(command.subject), duplicate=False)
            await self.publish(added)

    async def consume(self) -> None:
        for shard in range(SPREAD.shards):
            for queue, into in (
                (room_commands(shard), self.commands),
                (person_commands(shard), self.leases),
            ):
                await self.bus.consume(queue, _collector(into), prefetch=1 << 20)

    async def _send(self, letter: str, subject: Any, type_: str, body: bytes) -> None:
        key = bucket_key(letter, subject, SPREAD.event_buckets)
        await self.bus.publish(Outgoing(EVENTS, key, type_, body), timeout_s=1)


def _collector(into: asyncio.Queue[Command]) -> Any:
    def collect(delivery: Delivery) -> None:
        for command in decode_commands(delivery.body):
            into.put_nowait(command)

    return collect


@asynccontextmanager
async def house(*, has_owners: bool = True, **knobs: Any) -> AsyncIterator[House]:
    """Run a gateway with these settings until the block ends.

    Without owners nobody takes commands from the bus.
    """
    async with gateway_on(LocalBus(SystemClock()), FakeMessages(), **knobs) as running:
        if has_owners:
            await running.consume()
        yield running


def house_beside(other: House, **knobs: Any) -> AbstractAsyncContextManager[House]:
    """Run another gateway on the same bus and log."""
    return gateway_on(other.bus, other.messages, **knobs)


@asynccontextmanager
async def gateway_on(bus: LocalBus, messages: FakeMessages, **knobs: Any) -> AsyncIterator[House]:
    """Run a gateway; whoever owns its rooms takes the commands."""
    clock, registry, revoked = SystemClock(), CollectorRegistry(), RevokedSessions()
    presence, auth, rooms = FakePresence(), FakeAuth(), FakeRooms()
    messages.log()
    process = Process("test", bus, SPREAD, clock, SystemChance(clock), registry, HttpSettings())
    service = build(
        GatewaySettings(port=0, internal_port=0, **knobs),
        process,
        doors=Doors(Door(revoked), BackDoor()),
        revoked=revoked,
        others=Others(auth, messages, presence, rooms),
        listening=ListenerSettings(),
        beside=_beside,
        on_keys_rotated=lambda: None,
    )
    async with _running(service) as port:
        yield House(port, bus, service, messages, presence, auth, rooms, registry, clock)


def _beside(own: ASGIApp) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        is_others = scope["path"].startswith("/v1/") and scope["path"] not in OWN
        await (api if is_others else own)(scope, receive, send)

    return app


@asynccontextmanager
async def _running(service: Service) -> AsyncIterator[int]:
    for start in service.on_start:
        await start()
    workers = [asyncio.create_task(worker.run()) for worker in service.workers]
    listener = service.listeners[0]
    bound = bind(listener)
    its: PortServer = server(listener, ListenerSettings(finish_requests_s=1))
    serving = asyncio.create_task(its.serve(sockets=[bound]))
    await its.accepting.wait()
    try:
        yield bound.getsockname()[1]
    finally:
        for drain in service.on_drain:
            await drain()
        its.should_exit = True
        await serving
        for worker in workers:
            worker.cancel()
        ends = await asyncio.gather(*workers, return_exceptions=True)
        for stop in reversed(service.on_stop):
            await stop()
        bound.close()
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
