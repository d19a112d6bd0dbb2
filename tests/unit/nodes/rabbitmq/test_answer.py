"""When a node is ready, told from one that only has its port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.nodes.rabbitmq.answer import answers, answers_amqp
from services.nodes.rabbitmq.ports import LOOPBACK

START = b"\x01\x00\x00\x00\x00\x01\xf6\x00\x0a\x00\x0a\x00\x09"


@asynccontextmanager
async def saying(words: bytes) -> AsyncIterator[int]:
    """Run a server that says this to everybody and closes; yield its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Nothing comes from who only knocks.
        await reader.read(8)
        writer.write(words)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, LOOPBACK, 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_a_broker_begins_a_conversation() -> None:
    async with saying(START) as port:
        assert await answers_amqp(port)


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"AMQP\x00\x00\x09\x01"])
async def test_another_program_is_no_broker(words: bytes) -> None:
    async with saying(words) as port:
        assert not await answers_amqp(port)


async def test_a_port_that_nobody_has_does_not_answer() -> None:
    async with saying(b"") as port:
        assert await answers(port)

    assert not await answers(port)
    assert not await answers_amqp(port)
