"""The first bytes of every connection to the one port: sockets stay here, the rest goes to uvicorn.

    silent --a byte--> head --complete--> GET /v1/ws: a WebSocket
       |                 |                anything else: uvicorn's HTTP protocol, bytes included
       `-----------------`--too late: cut; too large: 431

uvicorn itself would wait for a head without limit. `libs.common.listeners` bounds the heads of
later requests on a connection; uvicorn hands one that becomes a socket to `upgrades`.
"""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final, cast

from libs.common.errors import TooLarge
from libs.common.listeners import CappedHttp
from services.gateway.connection.connection import Connection
from services.gateway.connection.handshake import PATH
from services.gateway.connection.surroundings import Surroundings

END_OF_HEAD: Final = b"\r\n\r\n"
SOCKET_REQUESTS: Final = (f"GET {PATH} ".encode(), f"GET {PATH}?".encode())

REFUSAL: Final = json.dumps(TooLarge().body()).encode()
HEAD_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Type: application/json; charset=utf-8\r\n"
    b"Cache-Control: no-store\r\n"
    b"Connection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(REFUSAL), REFUSAL)
)


class Front(asyncio.Protocol):
    """Reads one head. `make_http` makes what speaks HTTP."""

    __slots__ = (
        "_around",
        "_buffer",
        "_has_begun",
        "_is_refused",
        "_make_http",
        "_transport",
        "due_at",
    )

    def __init__(self, around: Surroundings, make_http: Callable[[], asyncio.Protocol]) -> None:
        self._around = around
        self._make_http = make_http
        self._buffer = b""
        self._transport: asyncio.Transport
        self._has_begun = False
        self._is_refused = False
        self.due_at = around.clock.monotonic() + around.settings.first_byte_timeout_s
        around.sweep.add(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # TCP gives no other kind
        settings = self._around.settings
        if len(self._around.sweep) > settings.max_connections + settings.authenticating:
            # Not even a refusal: what comes in such numbers does not read it.
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        settings = self._around.settings
        if not self._has_begun:
            self._has_begun = True
            self.due_at = self._around.clock.monotonic() + settings.head_timeout_s
        # Empty lines before a request are to be ignored. See: RFC 9112 section 2.2.
        self._buffer = (self._buffer + data).lstrip(b"\r\n")
        if self._buffer.find(END_OF_HEAD, 0, settings.head_bytes) >= 0:
            self._hand_over()
        elif len(self._buffer) >= settings.head_bytes:
            self._refuse()

    def connection_lost(self, exc: Exception | None) -> None:
        self._around.sweep.remove(self)

    def due(self, now: float) -> None:
        """Cut a client that says nothing, or says it too slowly."""
        self._transport.abort()

    def send_away(self, *, after_s: float) -> None:
        """Cut it: it has not asked for anything."""
        self._transport.abort()

    def stop(self) -> None:
        self._transport.abort()

    def _hand_over(self) -> None:
        self._around.sweep.remove(self)
        if self._buffer.startswith(SOCKET_REQUESTS):
            heir: asyncio.Protocol = Connection(self._around).socket
        else:
            heir = self._make_http()
        heir.connection_made(self._transport)
        self._transport.set_protocol(heir)
        heir.data_received(self._buffer)

    def _refuse(self) -> None:
        """Say why; the client may be sending still, so it gets time to read that."""
        self._is_refused = True
        self._transport.write(HEAD_TOO_LARGE)
        self._transport.write_eof()
        now = self._around.clock.monotonic()
        self.due_at = now + self._around.settings.close_timeout_s


def protocol(around: Surroundings, http: type[CappedHttp]) -> type[asyncio.Protocol]:
    """Return what uvicorn is to make for each connection."""

    def make(**its: Any) -> asyncio.Protocol:
        return Front(around, partial(http, **its))

    return cast(type[asyncio.Protocol], make)  # uvicorn only calls it


def upgrades(around: Surroundings) -> type[asyncio.Protocol]:
    """Return what uvicorn is to make of a used connection that becomes a socket."""

    def make(**_: Any) -> asyncio.Protocol:
        return Connection(around).socket

    return cast(type[asyncio.Protocol], make)  # uvicorn only calls it
