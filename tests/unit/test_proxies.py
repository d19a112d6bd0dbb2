"""The proxies of the tests are as bad as they say, and no worse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import pytest

from tests.support.proxies.behaviours import (
    Behaviour,
    buffering,
    cutting,
    passing,
    plain,
    stripping,
    swallowing,
)
from tests.support.proxies.listening import HOST, Proxy

UPGRADE: Final = (
    b"GET /v1/ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
)
POLL: Final = b"POST /v1/sync HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
WELCOME: Final = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


class Server:
    """Opens a socket for who asks for one and echoes on it; answers others in two halves."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self.may_go_on = asyncio.Event()
        self.serving: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        if b"content-length: 2" in head.lower():
            await reader.readexactly(2)
        if b"upgrade: websocket" in head.lower():
            writer.write(WELCOME)
            while piece := await reader.read(100):
                writer.write(piece)
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nfirst half,")
            await self.may_go_on.wait()
            writer.write(b" second half")
        writer.close()


@pytest.fixture
def server() -> Server:
    return Server()


@dataclass
class Visit:
    """One connection of a client, through a proxy."""

    proxy: Proxy
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def is_silent(self) -> bool:
        """Tell whether nothing comes for a moment."""
        try:
            async with asyncio.timeout(0.05):
                await self.reader.read(1)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def visit(server: Server, behaviour: Behaviour) -> AsyncIterator[Visit]:
    listening = await asyncio.start_server(server.accept, HOST, 0)
    async with Proxy(listening.sockets[0].getsockname()[1], behaviour) as proxy:
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        yield Visit(proxy, reader, writer)
        writer.close()
        server.may_go_on.set()
    await asyncio.gather(*server.serving)
    listening.close()


async def test_a_good_proxy_lets_sockets_through(server: Server) -> None:
    async with visit(server, passing) as one:
        one.writer.write(UPGRADE)
        assert await one.reader.readexactly(len(WELCOME)) == WELCOME
        one.writer.write(b"hello")

        assert await one.reader.readexactly(5) == b"hello"
        assert one.proxy.asked("GET /v1/ws ") == 1


async def test_a_proxy_that_strips_makes_a_plain_request_of_an_upgrade(server: Server) -> None:
    server.may_go_on.set()
    async with visit(server, stripping) as one:
        one.writer.write(UPGRADE)
        answer = await one.reader.read()

    assert answer.endswith(b"first half, second half")
    assert server.heads == [b"GET /v1/ws HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"]


async def test_a_proxy_that_strips_streams(server: Server) -> None:
    async with visit(server, stripping) as one:
        one.writer.write(POLL)

        assert (await one.reader.readuntil(b"first half,")).startswith(b"HTTP/1.1 200")


async def test_a_proxy_that_buffers_hands_on_whole_answers_only(server: Server) -> None:
    async with visit(server, buffering) as one:
        one.writer.write(POLL)

        assert await one.is_silent()
        server.may_go_on.set()
        assert (await one.reader.read()).endswith(b"first half, second half")


async def test_a_proxy_that_swallows_opens_sockets_and_carries_nothing(server: Server) -> None:
    async with visit(server, swallowing) as one:
        one.writer.write(UPGRADE)
        assert await one.reader.readexactly(len(WELCOME)) == WELCOME
        one.writer.write(b"hello")

        assert await one.is_silent()


async def test_a_proxy_that_swallows_carries_other_requests(server: Server) -> None:
    server.may_go_on.set()
    async with visit(server, swallowing) as one:
        one.writer.write(POLL)

        assert (await one.reader.read()).endswith(b"second half")


async def test_a_proxy_that_cuts_does_so_in_the_middle(server: Server) -> None:
    async with visit(server, cutting(0.05)) as one:
        one.writer.write(POLL)
        await one.reader.readuntil(b"first half,")

        assert await one.reader.read() == b""


async def test_a_cut_proxy_carries_nothing_more(server: Server) -> None:
    async with visit(server, passing) as one:
        one.writer.write(POLL)
        await one.reader.readuntil(b"first half,")

        one.proxy.cut()

        assert await one.reader.read() == b""


def test_a_plain_request_keeps_what_is_not_of_the_connection() -> None:
    head = b"GET / HTTP/1.1\r\nSec-WebSocket-Key: k\r\nKEEP-ALIVE: 5\r\n\r\n"

    kept = b"GET / HTTP/1.1\r\nSec-WebSocket-Key: k\r\nConnection: close\r\n\r\n"
    assert plain(head) == kept
