"""A port serves HTTP within limits, and a port that is taken says so."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog
from starlette.requests import Request
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE
from libs.common.listeners import (
    CannotListen,
    Listener,
    ListenerSettings,
    bind,
    capped,
    server,
)
from tests.support.clock import settle
from tests.support.network import Network
from tests.support.waiting import until
from tests.unit.common.speaking import written_logs
from tests.unit.common.web import Said, Site

HEAD = b"GET /v1/where HTTP/1.1\r\nhost: chat.test\r\n"


async def where(address: ClientAddress) -> Said:
    """Say where the client is."""
    return Said(heard=address)


async def swallow(request: Request) -> Said:
    """Swallow a body."""
    structlog.contextvars.bind_contextvars(left_over="canary")
    return Said(heard=str(len(await request.body())))


SITE_ENDPOINTS = (
    Endpoint("GET", "/v1/where", where, admits=ANYONE),
    Endpoint("POST", "/v1/swallow", swallow, admits=ANYONE, max_body_bytes=400_000),
)


def listener(app: ASGIApp, port: int = 0, host: str = "127.0.0.1") -> Listener:
    return Listener("public", app, host, port, setting="PORT")


class Wire:
    """One connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def say(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def hear(self) -> tuple[int, bytes]:
        """Return one answer's status and body."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return int(head.split()[1]), await self.reader.readexactly(length)

    async def hear_the_end(self) -> bytes:
        """Return all that comes until the server closes the connection."""
        return await self.reader.read()


@asynccontextmanager
async def wire(**settings: object) -> AsyncIterator[Wire]:
    """Serve a small site on a real port and connect to it.

    Only uvicorn's protocol is used, for its server takes a quarter of a second to stop.
    """
    public = listener(Site(*SITE_ENDPOINTS).public())
    config = server(public, ListenerSettings.model_validate(settings)).config
    config.load()
    protocol: Any = config.http_protocol_class
    state = ServerState()
    bound = bind(public)
    listening = await asyncio.get_running_loop().create_server(
        lambda: protocol(config=config, server_state=state, app_state={}), sock=bound
    )
    reader, writer = await asyncio.open_connection(*bound.getsockname())
    try:
        async with asyncio.timeout(5):
            yield Wire(reader, writer)
    finally:
        writer.close()
        listening.close()
        for connection in list(state.connections):
            connection.transport.close()
        await settle()


async def test_requests_follow_each_other_on_one_connection() -> None:
    async with wire() as client:
        for _ in range(3):
            await client.say(HEAD + b"\r\n")
            assert await client.hear() == (200, b'{"heard":"127.0.0.1"}')


async def test_a_head_in_small_parts_is_taken() -> None:
    async with wire() as client:
        await client.say(HEAD[:10], HEAD[10:], b"\r", b"\n")

        assert (await client.hear())[0] == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET /v1/where?" + b"q" * 2000 + b" HTTP/1.1\r\nhost: chat.test\r\n\r\n",
        HEAD + b"x-long: " + b"x" * 2000 + b"\r\n\r\n",
        HEAD + b"".join(b"x-%d: 1\r\n" % number for number in range(500)) + b"\r\n",
    ],
)
async def test_a_head_that_is_too_large_ends_the_connection(head: bytes) -> None:
    async with wire(max_head_bytes=1024) as client:
        await client.say(head)

        assert (await client.hear_the_end()).startswith(b"HTTP/1.1 400 ")


async def test_the_size_of_one_head_does_not_count_for_the_next() -> None:
    async with wire(max_head_bytes=1024) as client:
        for _ in range(3):
            await client.say(HEAD + b"x-long: " + b"x" * 700 + b"\r\n\r\n")
            assert (await client.hear())[0] == 200


@pytest.mark.parametrize("begun", [b"", HEAD])
async def test_a_head_that_does_not_arrive_ends_the_connection(begun: bytes) -> None:
    async with wire(head_timeout_s=0.05) as client:
        await client.say(begun)

        assert await client.hear_the_end() == b""


async def test_a_second_head_that_does_not_arrive_ends_the_connection_too() -> None:
    async with wire(head_timeout_s=0.05, keep_alive_s=60) as client:
        await client.say(HEAD + b"\r\n")
        await client.hear()
        await client.say(HEAD)

        assert await client.hear_the_end() == b""


async def test_a_few_requests_at_once_are_answered_in_order() -> None:
    async with wire() as client:
        await client.say((HEAD + b"\r\n") * 5)

        assert [(await client.hear())[0] for _ in range(5)] == [200] * 5


async def test_many_requests_at_once_end_the_connection() -> None:
    async with wire(max_pipelined=4) as client:
        await client.say((HEAD + b"\r\n") * 2_000)

        assert (await client.hear_the_end()).count(b" 200 ") <= 1


def stalled(**settings: object) -> Network:
    """Return the network of a client that has taken nothing of a long answer."""
    its = ListenerSettings.model_validate(settings)
    config = server(listener(Site(*SITE_ENDPOINTS).public()), its).config
    config.load()
    network = Network(capped(its)(config, ServerState(), {}))
    network.takes = False
    network.write(b"x" * 1_000_000)
    return network


async def test_an_answer_that_nobody_takes_ends_the_connection() -> None:
    network = stalled(answer_timeout_s=0.05)

    await until(lambda: network.is_lost)


async def test_an_answer_that_is_taken_in_time_does_not() -> None:
    network, slower = stalled(answer_timeout_s=0.05), stalled(answer_timeout_s=0.1)
    network.take()

    await until(lambda: slower.is_lost)

    assert not network.is_lost
    network.abort()
    await settle()


@pytest.mark.parametrize(
    "framing",
    [
        b"content-length: 5\r\ntransfer-encoding: chunked\r\n",
        b"content-length: 5\r\ncontent-length: 6\r\n",
        b"content-length: five\r\n",
        b"transfer-encoding: chunked, identity\r\n",
    ],
)
async def test_a_body_of_two_lengths_is_refused(framing: bytes) -> None:
    async with wire() as client:
        await client.say(b"POST /v1/swallow HTTP/1.1\r\nhost: x\r\n" + framing + b"\r\n0\r\n\r\n")

        assert (await client.hear_the_end()).startswith(b"HTTP/1.1 400 ")


async def test_a_body_that_is_too_large_ends_the_connection() -> None:
    async with wire() as client:
        await client.say(b"POST /v1/swallow HTTP/1.1\r\nhost: x\r\ncontent-length: 400001\r\n\r\n")

        answer = await client.hear_the_end()

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer


async def test_who_still_sends_what_is_too_large_hears_why() -> None:
    async with wire() as client:
        await client.say(b"POST /v1/swallow HTTP/1.1\r\nhost: x\r\ncontent-length: 600000\r\n\r\n")
        status, _ = await client.hear()
        await client.say(*[b"x" * 100_000] * 6)
        rest = await client.hear_the_end()

    assert (status, rest) == (413, b"")


async def test_what_one_request_bound_does_not_reach_the_next_on_its_connection() -> None:
    with written_logs() as lines:
        async with wire() as client:
            await client.say(
                b"POST /v1/swallow HTTP/1.1\r\nhost: x\r\ncontent-length: 300000\r\n\r\n",
                *[b"x" * 100_000] * 3,
            )
            assert (await client.hear())[0] == 200
            await client.say(HEAD + b"\r\n")
            await client.hear()

    _, second = lines.of("request_handled")
    assert "left_over" not in second


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [("", "127.0.0.1"), ("127.0.0.1", "198.51.100.9"), ("10.0.0.1", "127.0.0.1")],
)
async def test_only_a_trusted_proxy_may_say_where_the_client_is(trusted: str, seen: str) -> None:
    proxies = (trusted,) if trusted else ()
    async with wire(trusted_proxies=proxies) as client:
        await client.say(HEAD + b"x-forwarded-for: 198.51.100.9\r\n\r\n")

        assert await client.hear() == (200, f'{{"heard":"{seen}"}}'.encode())


def test_a_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CannotListen) as refused:
            bind(listener(Site().public(), port))

    assert str(refused.value) == (
        f"port {port} is in use: stop what listens on 127.0.0.1:{port}, or set PORT={port + 1}"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_that_is_not_ours_is_named(host: str) -> None:
    with pytest.raises(CannotListen, match=f"port 0 on {host} cannot be had: "):
        bind(listener(Site().public(), host=host))


def test_a_port_is_free_again_at_once() -> None:
    with bind(listener(Site().public())) as first:
        port = first.getsockname()[1]

    with bind(listener(Site().public(), port)) as second:
        assert second.getsockname()[1] == port
