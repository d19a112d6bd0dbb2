"""A whole gateway without sockets: its port, with a bus in memory and the other services faked."""

import asyncio
from contextlib import suppress
from typing import Any, Final, cast

from prometheus_client import CollectorRegistry
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from libs.common.bus.local import LocalBus
from libs.common.bus.topology import Spread
from libs.common.errors import Unauthorized
from libs.common.http.people import Caller
from libs.common.http.settings import HttpSettings
from libs.common.listeners import ListenerSettings, server
from libs.common.process import Doors, Process
from libs.common.tokens.revoked import RevokedSessions
from services.gateway.app import Others, build
from services.gateway.connection.front import Front
from services.gateway.connection.surroundings import Surroundings
from services.gateway.settings import GatewaySettings
from tests.support.clock import CountedChance, SetClock
from tests.support.network import Network
from tests.unit.gateway.fakes import ALICE, FakeAuth, FakeMessages, FakePresence, FakeRooms
from tests.unit.gateway.speaking import LIFE_S, SESSION

HANDSHAKE: Final = (
    b"GET /v1/ws HTTP/1.1\r\nHost: chat.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
WITH_TOKEN: Final = HANDSHAKE[:-2] + b"Authorization: Bearer Alice\r\n\r\n"


class Door:
    """Knows Alice. While `gate` is not set nobody hears whether they may come in."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gate.set()

    async def verify(self, token: str, now: float) -> Caller:
        await self.gate.wait()
        if token != ALICE.name:
            raise Unauthorized
        return Caller(ALICE.id, ALICE.kind, ALICE.name, SESSION, now + LIFE_S)


class BackDoor:
    def verify(self, token: str, now: float) -> str:
        return token


async def api(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand for the HTTP APIs of all services: take the body, and say how long it was."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await PlainTextResponse(f"took {size}")(scope, receive, send)


class Indoors:
    """Nothing runs by itself but what a connection begins; `pass_time` is the sweep's turn."""

    def __init__(self, **knobs: Any) -> None:
        self.clock, self.door, self.messages = SetClock(), Door(), FakeMessages()
        self.messages.log()
        process = Process(
            "test",
            LocalBus(self.clock),
            Spread(shards=1, event_buckets=1),
            self.clock,
            CountedChance(),
            CollectorRegistry(),
            HttpSettings(),
        )
        revoked = RevokedSessions()
        service = build(
            GatewaySettings(port=0, internal_port=0, **knobs),
            process,
            doors=Doors(self.door, BackDoor()),
            revoked=revoked,
            others=Others(FakeAuth(), self.messages, FakePresence(), FakeRooms()),
            listening=ListenerSettings(),
            beside=lambda _: cast(ASGIApp, api),
            on_keys_rotated=lambda: None,
        )
        self._config = server(service.listeners[0], ListenerSettings()).config
        self._config.load()
        self._state = ServerState()
        self.around: Surroundings = self._new_front()._around
        self.around.sweep.remove(next(iter(self.around.sweep.all())))

    def connect(self) -> Network:
        """Return a new connection to the port."""
        return Network(self._new_front())

    async def pass_time(self, duration_s: float) -> None:
        """Let time pass, and look once at everything that is due then."""
        await self.clock.advance(duration_s)
        for swept in self.around.sweep.all():
            if swept.due_at <= self.clock.monotonic():
                swept.due(self.clock.monotonic())
        await self.clock.advance(0)

    async def close(self) -> None:
        """Cut every connection and wait until nothing runs."""
        for swept in self.around.sweep.all():
            swept.stop()
        for connection in list(self._state.connections):
            connection.transport.abort()
        await self.clock.advance(0)
        for task in [*self._state.tasks]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _new_front(self) -> Front:
        make = cast(Any, self._config.http_protocol_class)
        front = make(config=self._config, server_state=self._state, app_state={})
        assert isinstance(front, Front)
        return front
