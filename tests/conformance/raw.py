"""Bytes over a plain connection, for what no well-behaved client would send."""

import asyncio
import os
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from tests.conformance.clause import Broken

TEXT: Final = 1
BINARY: Final = 2
CLOSE: Final = 8
WAIT_S: Final = 20.0

LAST: Final = 0x80
COMPRESSED: Final = 0x40


class RawWire:
    """A socket on which every byte is one's own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.head = ""

    async def send(self, data: bytes) -> None:
        """Write bytes. Who has closed already does not matter: `close_code` tells it."""
        try:
            self._writer.write(data)
            await self._writer.drain()
        except ConnectionError:
            pass

    async def shake_hands(self, host: str, *, more: str = "") -> None:
        """Ask for a socket, with more lines in the head of the request.  Raises: Broken."""
        head = (
            f"GET /v1/ws HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"{more}\r\n"
        )
        await self.send(head.encode())
        async with asyncio.timeout(WAIT_S):
            self.head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        if not self.head.startswith("HTTP/1.1 101"):
            raise Broken(f"expected a socket; came {self.head.partition(chr(13))[0]}")

    async def text(self) -> str:
        """Return the payload of the next text frame.  Raises: Broken, when it is closed."""
        while True:
            opcode, payload = await self._frame()
            if opcode == TEXT:
                return payload.decode()
            if opcode == CLOSE:
                raise Broken(f"expected a frame; came a close with {_code(payload)}")

    async def close_code(self, *, within_s: float = WAIT_S) -> int:
        """Read frames, answering none, until the close, and return its code.  Raises: Broken."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    opcode, payload = await self._frame()
                    if opcode == CLOSE:
                        return _code(payload)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Broken("expected a close frame; the connection was cut without") from error
        except TimeoutError as error:
            raise Broken(f"expected a close within {within_s:g} s; came none") from error

    async def _frame(self) -> tuple[int, bytes]:
        head = await self._reader.readexactly(2)
        size = head[1] & 0x7F
        if size == 126:
            size = int.from_bytes(await self._reader.readexactly(2))
        elif size == 127:
            size = int.from_bytes(await self._reader.readexactly(8))
        return head[0] & 0x0F, await self._reader.readexactly(size)


@asynccontextmanager
async def raw_wire(url: str, *, more: str = "") -> AsyncIterator[RawWire]:
    """Open a socket; `more` are lines for the head of its request."""
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        parts.hostname, parts.port or (443 if is_secure else 80), ssl=is_secure or None
    )
    try:
        one = RawWire(reader, writer)
        await one.shake_hands(parts.netloc, more=more)
        yield one
    finally:
        writer.transport.abort()


def frame(payload: bytes, *, opcode: int = TEXT, flags: int = LAST) -> bytes:
    """Return a client's frame, masked."""
    size = len(payload)
    if size < 126:
        head = bytes((opcode | flags, 0x80 | size))
    elif size < 65_536:
        head = bytes((opcode | flags, 0x80 | 126)) + size.to_bytes(2)
    else:
        head = bytes((opcode | flags, 0x80 | 127)) + size.to_bytes(8)
    mask = os.urandom(4)
    key = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)
    return head + mask + masked


def _code(payload: bytes) -> int:
    return int(struct.unpack("!H", payload[:2])[0]) if len(payload) >= 2 else 1005
