"""One connection of an attacker, and how it ends."""

import asyncio
import socket
from contextlib import suppress
from time import monotonic
from typing import Final

from tests.integration.gateway.raw import HANDSHAKE

FROM: Final = "127.0.0.2"
"""Attackers have an address of their own, as they would outside of loopback."""

MOST_KEPT: Final = 65_536
END_OF_HEAD: Final = b"\r\n\r\n"


class Line:
    """Takes whatever comes, unless `is_read` is false: then nothing is known of it."""

    def __init__(self, its: socket.socket, *, is_read: bool) -> None:
        self.began_at = monotonic()
        self._its = its
        self._heard = b""
        self._has_head = asyncio.Event()
        self._reading = asyncio.create_task(self._read()) if is_read else None

    async def send(self, data: bytes) -> None:
        """Send it all.  Raises: OSError."""
        await asyncio.get_running_loop().sock_sendall(self._its, data)

    async def shake_hands(self) -> None:
        """Open a socket.  Raises: OSError, when that is refused."""
        await self.send(HANDSHAKE)
        await self._has_head.wait()
        if not self._heard.startswith(b"HTTP/1.1 101"):
            raise ConnectionError

    async def end(self) -> str:
        """Wait until the other side ends it, and return what it said: a status, or a close code."""
        if self._reading is None:
            await asyncio.get_running_loop().create_future()
        else:
            await asyncio.wait([self._reading])
        return self._said()

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])
        self._its.close()

    async def _read(self) -> None:
        with suppress(OSError):
            while part := await asyncio.get_running_loop().sock_recv(self._its, MOST_KEPT):
                self._heard = (self._heard + part)[:MOST_KEPT]
                if END_OF_HEAD in self._heard:
                    self._has_head.set()
        self._has_head.set()

    def _said(self) -> str:
        status = self._heard[9:12].decode(errors="replace")
        if status != "101":
            return status or "cut"
        frames = self._heard.partition(END_OF_HEAD)[2]
        while len(frames) > 1:
            size, start = frames[1] & 0x7F, 2
            if size == 126:
                size, start = int.from_bytes(frames[2:4]), 4
            payload, first = frames[start : start + size], frames[0]
            if first == 0x88:
                return str(int.from_bytes(payload[:2]))
            frames = frames[start + size :]
        return "cut"


async def connect(port: int, *, is_read: bool) -> Line:
    """Return a new connection.  Raises: OSError."""
    its = socket.socket()
    its.setblocking(False)
    its.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
    its.bind((FROM, 0))
    await asyncio.get_running_loop().sock_connect(its, ("127.0.0.1", port))
    return Line(its, is_read=is_read)
