"""A handshake and the first frame behind it, on a transport that only takes note."""

import asyncio

from prometheus_client import Histogram
from websockets.http11 import Request

from libs.common.errors import TooMany
from services.gateway.connection.flusher import Flusher
from services.gateway.connection.handshake import accept, refuse
from services.gateway.connection.socket import Socket
from services.gateway.core.outbox import text_frame
from services.gateway.core.pace import Paces
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock

HANDSHAKE = (
    b"GET /v1/ws HTTP/1.1\r\nHost: chat.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
HELLO = text_frame(b'{"type":"hello"}')


class Transport(asyncio.Transport):
    """Keeps each write apart."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if data:
            self.writes.append(bytes(data))

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        return

    def can_write_eof(self) -> bool:
        return False

    def resume_reading(self) -> None:
        return


class Host:
    """Owns a socket, and opens it or not."""

    may_read = True

    def __init__(self, *, is_open: bool) -> None:
        self._is_open = is_open
        flusher = Flusher(Histogram("flushes", "Sockets.", registry=None))
        settings = GatewaySettings()
        self.socket = Socket(
            self,
            settings=settings,
            odd_frames=Paces(settings).odd_frames,
            flusher=flusher,
            clock=SetClock(0.0),
        )
        self.texts: list[bytes] = []

    def on_request(self, request: Request) -> None:
        wire = self.socket.wire
        if self._is_open:
            self.socket.open(accept(wire, request), HELLO)
        else:
            self.socket.refuse(refuse(wire, TooMany(retry_after_ms=1_000)))

    def on_text(self, raw: bytes) -> None:
        self.texts.append(raw)

    def on_made(self, peer: str) -> None:
        return

    def on_alive(self) -> None:
        return

    on_slow = look_again = on_closing = on_gone = on_alive


async def shake_hands(*, is_open: bool) -> tuple[Host, list[bytes]]:
    host, transport = Host(is_open=is_open), Transport()
    host.socket.connection_made(transport)
    host.socket.data_received(HANDSHAKE)
    await asyncio.sleep(0)
    return host, transport.writes


async def test_the_first_frame_goes_out_with_the_answer_to_the_handshake() -> None:
    host, writes = await shake_hands(is_open=True)

    [write] = writes
    assert write.startswith(b"HTTP/1.1 101 ")
    assert write.endswith(b"\r\n\r\n" + HELLO)
    assert (host.socket.is_open, host.socket.outbox.taken) == (True, 1)


async def test_a_refusal_has_nothing_behind_it() -> None:
    host, writes = await shake_hands(is_open=False)

    [write] = writes
    assert write.startswith(b"HTTP/1.1 429 ")
    assert b"retry-after: 1\r\n" in write.lower()
    assert not host.socket.is_open
