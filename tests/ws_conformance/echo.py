"""Says back whatever it hears, through the gateway's own socket.

`chat.v1` is text only and knows small frames; neither is a matter of the layer below, so here
binary messages are taken too, and the limits are those of the largest case. Everything else is as
it is served: handshake, parsing, fragments, UTF-8, outbox, flush, close.
"""

import asyncio
import sys
from typing import Final

from prometheus_client import Histogram
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from libs.common.clock import SystemClock
from libs.common.ratelimit import Limit
from services.gateway.connection.flusher import Flusher
from services.gateway.connection.handshake import accept
from services.gateway.connection.intake import Fault, Intake
from services.gateway.connection.socket import Socket
from services.gateway.core.forms import framed
from services.gateway.settings import GatewaySettings

LARGEST_BYTES: Final = 64 << 20
MANY: Final = 1 << 20

SETTINGS: Final = {
    "frame_bytes": LARGEST_BYTES,
    "backlog_bytes": LARGEST_BYTES,
    "backlog_frames": MANY,
    "deflate_above_bytes": 64,
    "odd_frames_per_s": MANY,
    "odd_frames_burst": MANY,
}


class Binary(bytes):
    """A message that was not text."""


class AnyIntake(Intake):
    """Takes binary messages too."""

    __slots__ = ("_binary",)

    def __init__(self, wire: ServerProtocol, *, limit: Limit) -> None:
        super().__init__(wire, limit=limit)
        self._binary: bytearray | None = None

    def _take(self, frame: Frame, now: float, *, is_over: bool) -> bytes | Fault | None:
        if frame.opcode is Opcode.BINARY:
            self._binary = bytearray()
        if self._binary is None or frame.opcode not in (Opcode.BINARY, Opcode.CONT):
            return super()._take(frame, now, is_over=is_over)
        self._binary += frame.data
        if not frame.fin:
            return None
        whole, self._binary = Binary(self._binary), None
        return None if is_over else whole


class Echo:
    """Owns one socket."""

    may_read = True

    def __init__(self, settings: GatewaySettings, flusher: Flusher) -> None:
        many = Limit(settings.odd_frames_per_s, settings.odd_frames_burst)
        self.socket = Socket(
            self, settings=settings, odd_frames=many, flusher=flusher, clock=SystemClock()
        )
        self.socket._intake = AnyIntake(self.socket.wire, limit=many)

    def on_request(self, request: Request) -> None:
        self.socket.open(accept(self.socket.wire, request), b"")

    def on_text(self, raw: bytes) -> None:
        frame = framed([raw], self.socket.outbox.form)
        if isinstance(raw, Binary):
            frame = bytes((frame[0] + Opcode.BINARY - Opcode.TEXT,)) + frame[1:]
        self.socket.outbox.put(frame)

    def on_made(self, peer: str) -> None:
        return

    def on_alive(self) -> None:
        return

    on_slow = look_again = on_closing = on_gone = on_alive


async def serve() -> None:
    """Listen on two ports, without and with compression, and say which."""
    loop = asyncio.get_running_loop()
    flusher = Flusher(Histogram("flushes", "Sockets.", registry=None))
    servers = []
    for is_deflating in (False, True):
        settings = GatewaySettings.model_validate(SETTINGS | {"deflate": is_deflating})

        def make(settings: GatewaySettings = settings) -> Socket:
            return Echo(settings, flusher).socket

        servers.append(await loop.create_server(make, "127.0.0.1", 0))
    ports = [str(server.sockets[0].getsockname()[1]) for server in servers]
    sys.stdout.write(" ".join(ports) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
