"""Ports: binding them early, and serving HTTP on them with uvicorn under our own rules.

uvicorn reads requests and writes answers; what it leaves open is closed here. Its httptools
protocol takes a head of any size, as many requests at once as come, and waits without limit for a
head to come and an answer to be taken, so `CappedHttp` bounds all of that. Its own signal handling,
access log and environment variables are switched off: the runner decides when to stop, the front
writes the summary line, and settings come from settings.
"""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field
from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from libs.common.settings import CommaList, Settings
from libs.common.starting import CannotStart

MAX_PORT: Final = 65_535

CUT: Final = "hubbub.cut"
"""An extension of ASGI's scope: a function that ends the connection at once. To end an answer
would wait until a client that reads nothing has taken all of it.
"""


class ListenerSettings(Settings):
    listen_backlog: int = Field(default=2_048, ge=1)
    """Connections that the kernel holds until they are accepted; more are refused."""

    max_head_bytes: int = Field(default=16 * 1024, ge=1024)
    """Largest head of a request, that is its first line and its headers."""

    head_timeout_s: float = Field(default=10.0, gt=0)
    """How long a request's head may take to arrive, on a new connection or a used one."""

    keep_alive_s: int = Field(default=30, ge=1)
    """How long an idle connection stays open for a next request."""

    max_pipelined: int = Field(default=16, ge=1)
    """Requests of one connection that wait for the one before them; one more ends it."""

    answer_timeout_s: float = Field(default=60.0, gt=0)
    """How long a client may take to take what was written, before its connection is reset."""

    trusted_proxies: CommaList = ()
    """Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed; * believes everybody."""

    finish_requests_s: int = Field(default=10, ge=1)
    """How long requests that are being answered may take to finish when the process stops."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One app on one port.

    Port 0 takes any free one. `setting` is the setting that moves the port, named when it is taken.
    `protocol` reads the connections' first bytes (None: plain HTTP), `upgrades` takes over those
    that become WebSockets later.
    """

    name: str
    app: ASGIApp
    host: str
    port: int
    setting: str
    protocol: type[asyncio.Protocol] | None = None
    upgrades: type[asyncio.Protocol] | None = None


class CannotListen(CannotStart):
    """A port cannot be had; the message, one line, names it and the setting that moves it."""


class PortServer(Server):
    """A uvicorn server that leaves signals alone and says when it accepts connections."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.accepting = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.accepting.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class CappedHttp(HttpToolsProtocol):
    """HTTP/1.1 with bounds for those who do not mean well; see `capped`."""

    max_head_bytes: int
    head_timeout_s: float
    max_pipelined: int
    answer_timeout_s: float

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_bytes = 0
        self._head_limit = self._within_limit()
        self._answer_limit: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_limit.cancel()
        self._is_taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._answer_limit = self.loop.call_later(self.answer_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        self._is_taken()
        super().resume_writing()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CUT: {CUT: self.transport.abort}}
        self._head_bytes = 0
        self._head_limit.cancel()
        self._head_limit = self._within_limit()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._head_limit.cancel()
        if len(self.pipeline) >= self.max_pipelined:
            raise ValueError("too many requests wait")
        super().on_headers_complete()

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self.max_head_bytes:
            # The parser passes it on as a parse error, which uvicorn answers with 400.
            raise ValueError("the head is too large")

    def _is_taken(self) -> None:
        if self._answer_limit is not None:
            self._answer_limit.cancel()

    def _within_limit(self) -> asyncio.TimerHandle:
        return self.loop.call_later(self.head_timeout_s, self.transport.close)


def capped(settings: ListenerSettings) -> type[CappedHttp]:
    """Return `CappedHttp` with the limits of `settings`."""
    limits: dict[str, Any] = {
        "max_head_bytes": settings.max_head_bytes,
        "head_timeout_s": settings.head_timeout_s,
        "max_pipelined": settings.max_pipelined,
        "answer_timeout_s": settings.answer_timeout_s,
    }
    return type("CappedHttp", (CappedHttp,), limits)


def bind(listener: Listener) -> socket.socket:
    """Return a socket bound to the listener's port, not yet accepting.

    Raises: CannotListen.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            listener.host, listener.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as reason:
        raise _cannot(listener, reason) from None
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as reason:
        bound.close()
        raise _cannot(listener, reason) from None
    return bound


def _cannot(listener: Listener, reason: OSError) -> CannotListen:
    host, port, setting = listener.host, listener.port, listener.setting
    if reason.errno == errno.EADDRINUSE:
        another = port % MAX_PORT + 1
        return CannotListen(
            f"port {port} is in use: stop what listens on {host}:{port}, or set {setting}={another}"
        )
    return CannotListen(
        f"port {port} on {host} cannot be had: {reason.strerror}; set {setting} to another"
    )


def server(listener: Listener, settings: ListenerSettings) -> PortServer:
    """Return the server of one listener; its `serve` takes the bound socket."""
    config = Config(
        listener.app,
        http=listener.protocol or capped(settings),
        ws=listener.upgrades or "none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        backlog=settings.listen_backlog,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=settings.finish_requests_s,
        reset_contextvars=True,
    )
    return PortServer(config)
