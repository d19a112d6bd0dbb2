"""Bytes over a plain socket, for what no well-behaved client would send."""

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE_S = 5.0

HANDSHAKE = (
    b"GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def until(self, end: bytes) -> bytes:
        async with asyncio.timeout(PATIENCE_S):
            return await self.reader.readuntil(end)

    async def rest(self) -> bytes:
        """Return all that comes until the other side closes or resets."""
        data = b""
        async with asyncio.timeout(PATIENCE_S):
            try:
                while part := await self.reader.read(65_536):
                    data += part
            except ConnectionError:
                pass
        return data

    async def shake_hands(self, *headers: bytes) -> None:
        more = b"".join(header + b"\r\n" for header in headers)
        await self.send(HANDSHAKE[:-2] + more + b"\r\n")
        assert (await self.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")

    async def text(
        self, payload: bytes, *, opcode: int = 1, is_last: bool = True, bits: int = 0
    ) -> None:
        await self.send(frame(payload, opcode=opcode, is_last=is_last, bits=bits))

    async def close_code(self) -> int:
        """Read frames until the close and return its code."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                first, payload = await self.frame()
                if first & 0x0F == 8:
                    return int(struct.unpack("!H", payload[:2])[0])

    async def frame(self) -> tuple[int, bytes]:
        """Return the first byte and the payload of the next frame."""
        head = await self.reader.readexactly(2)
        size = head[1] & 0x7F
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2))
        elif size == 127:
            size = int.from_bytes(await self.reader.readexactly(8))
        return head[0], await self.reader.readexactly(size)


@asynccontextmanager
async def wire(port: int, *, is_slow: bool = False) -> AsyncIterator[Wire]:
    """Connect; who is slow takes next to nothing before it is read."""
    its = socket.socket()
    its.setblocking(False)
    if is_slow:
        its.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    await asyncio.get_running_loop().sock_connect(its, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=its, limit=8_192 if is_slow else 1 << 22)
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


def frame(payload: bytes, *, opcode: int = 1, is_last: bool = True, bits: int = 0) -> bytes:
    """Return a client's frame, masked. `bits` are the reserved ones of its first byte."""
    first = opcode | bits | (0x80 if is_last else 0)
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2)
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8)
    mask = os.urandom(4)
    key = (mask * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)
    return head + mask + masked
