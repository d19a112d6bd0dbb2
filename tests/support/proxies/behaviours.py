"""What proxies do with a connection: each is given the head of its first request, and both ends.

passing      nothing: every byte goes on at once
stripping    forget `Upgrade`, as a plain HTTP proxy does, so there are no sockets
buffering    the same, and hand on an answer only when it is whole, so there are no streams
swallowing   let sockets open, and then carry nothing over them
cutting      cut each connection when it is so old
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

CHUNK_BYTES: Final = 64 * 1024
END_OF_HEAD: Final = b"\r\n\r\n"

HOP_BY_HOP: Final = (b"connection:", b"keep-alive:", b"upgrade:")
"""What concerns one connection only is not for the next. See: RFC 9110 section 7.6.1."""


@dataclass(frozen=True, slots=True)
class End:
    """One of the two connections of a proxy."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


Behaviour = Callable[[bytes, End, End], Awaitable[None]]
"""Serves one connection: the head of its first request, the client, the server.

Returns when it is over, and raises when it is to be cut without a goodbye.
"""


async def passing(head: bytes, client: End, server: End) -> None:
    server.writer.write(head)
    await _carry_both(client, server)


async def stripping(head: bytes, client: End, server: End) -> None:
    server.writer.write(plain(head))
    await _carry_both(client, server)


async def buffering(head: bytes, client: End, server: End) -> None:
    server.writer.write(plain(head))
    answer = asyncio.create_task(server.reader.read())
    request = asyncio.create_task(_carry(client, server))
    try:
        await asyncio.wait({answer, request}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            client.writer.write(answer.result())
            await client.writer.drain()
    finally:
        await _stop(answer, request)


async def swallowing(head: bytes, client: End, server: End) -> None:
    if not any(field.lower().startswith(b"upgrade:") for field in head.split(b"\r\n")):
        await passing(head, client, server)
        return
    server.writer.write(head)
    client.writer.write(await server.reader.readuntil(END_OF_HEAD))
    await _first_of(_swallow(client), _swallow(server))


def cutting(after_s: float, behaviour: Behaviour = passing) -> Behaviour:
    """Return the behaviour that cuts each connection when it is `after_s` old."""

    async def cut(head: bytes, client: End, server: End) -> None:
        async with asyncio.timeout(after_s):
            await behaviour(head, client, server)

    return cut


def plain(head: bytes) -> bytes:
    """Return the head of a request as a plain HTTP proxy passes it on: for this answer only."""
    request, *fields = head.removesuffix(END_OF_HEAD).split(b"\r\n")
    kept = [field for field in fields if not field.lower().startswith(HOP_BY_HOP)]
    return b"\r\n".join([request, *kept, b"Connection: close"]) + END_OF_HEAD


async def _carry_both(client: End, server: End) -> None:
    """Pass bytes on in both directions until one side ends."""
    await _first_of(_carry(client, server), _carry(server, client))


async def _carry(one: End, other: End) -> None:
    while piece := await one.reader.read(CHUNK_BYTES):
        other.writer.write(piece)
        await other.writer.drain()


async def _swallow(end: End) -> None:
    while await end.reader.read(CHUNK_BYTES):
        pass


async def _first_of(*those: Awaitable[None]) -> None:
    """Return when the first of them has ended; what it raised is raised."""
    tasks = [asyncio.ensure_future(one) for one in those]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await _stop(*tasks)


async def _stop(*tasks: "asyncio.Future[None] | asyncio.Future[bytes]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
