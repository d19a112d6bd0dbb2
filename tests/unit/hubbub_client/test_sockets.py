"""One socket, from its handshake to its end, against a server of loopback."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from hubbub_client.core import ComeBack
from hubbub_client.frames import Json
from hubbub_client.link.sockets import SUBPROTOCOL, NotOpened, Socket, open_socket
from hubbub_client.ways import NOT_LET_THROUGH, Ended
from tests.support.ports import free_port
from tests.support.waiting import until
from tests.unit.hubbub_client.installation import Ear

HELLO: Final = json.dumps({"type": "hello", "data": {"heartbeat_ms": 10}})
READY: Final = json.dumps({"type": "ready", "ref": "auth", "data": {}})
WITHIN_S: Final = 5.0
IMPATIENT_S: Final = 0.05

Talk = Callable[[ServerConnection], Awaitable[None]]


def page(status: int, body: str, **headers: str) -> Callable[..., Response]:
    """Return what answers every handshake with a page."""

    def answer(_: ServerConnection, request: Request) -> Response:
        phrase = HTTPStatus(status).phrase
        return Response(status, phrase, Headers(headers), body.encode())

    return answer


async def give_auth() -> Json:
    return {"token": "token"}


@asynccontextmanager
async def server(
    talk: Talk, *, refuse: Callable[..., Response] | None = None
) -> AsyncIterator[str]:
    async with serve(
        talk, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL], process_request=refuse
    ) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}/v1/ws"


async def opened(url: str, *, timeout_s: float = WITHIN_S) -> Socket:
    return await open_socket(url, headers={}, timeout_s=timeout_s)


async def not_opened(talk: Talk, *, refuse: Callable[..., Response] | None = None) -> Ended:
    """Return why no socket could be opened."""
    async with server(talk, refuse=refuse) as url:
        with pytest.raises(NotOpened) as failure:
            await opened(url, timeout_s=IMPATIENT_S if refuse is None else WITHIN_S)
    return failure.value.ended


async def talked(talk: Talk, ear: Ear, *, ready_within_s: float = WITHIN_S) -> Ended:
    """Return how a socket ended that a server talks over."""

    async with server(talk) as url:
        socket = await opened(url)
        return await socket.talk(give_auth, ear.hear, ready_within_s=ready_within_s)


@asynccontextmanager
async def talking(socket: Socket) -> AsyncIterator[Socket]:
    """Let a socket be talked over meanwhile."""
    task = asyncio.create_task(socket.talk(give_auth, Ear().hear, ready_within_s=WITHIN_S))
    yield socket
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def tells(socket: Socket, pressure: int) -> None:
    await until(lambda: socket.pressure == pressure)


async def silent(socket: ServerConnection) -> None:
    await socket.wait_closed()


class TestOpening:
    async def test_a_server_that_never_says_hello_was_not_reached(self) -> None:
        assert await not_opened(silent) == NOT_LET_THROUGH

    async def test_nor_was_one_that_speaks_something_else(self) -> None:
        async def talk(socket: ServerConnection) -> None:
            await socket.send("Welcome!")

        assert await not_opened(talk) == NOT_LET_THROUGH

    async def test_nor_was_one_that_hangs_up(self) -> None:
        async def talk(socket: ServerConnection) -> None:
            socket.transport.abort()

        assert (await not_opened(talk)).has_upgrade_failed

    async def test_a_server_that_says_not_now_was_reached(self) -> None:
        async def talk(socket: ServerConnection) -> None:
            await socket.close(1013)

        ended = await not_opened(talk)

        assert (ended.what_next, ended.has_upgrade_failed) == (ComeBack.LATER, False)

    async def test_a_page_of_somebody_else_is_a_failed_upgrade(self) -> None:
        ended = await not_opened(silent, refuse=page(502, "<h1>Bad Gateway</h1>"))

        assert (ended.why, ended.has_upgrade_failed) == ("http 502", True)

    async def test_a_refusal_of_ours_is_obeyed(self) -> None:
        body = json.dumps({"code": "draining", "message": "", "retryable": True})

        ended = await not_opened(silent, refuse=page(503, body, **{"Retry-After": "4"}))

        assert (ended.told_s, ended.has_upgrade_failed) == (4, False)

    async def test_where_nothing_answers_polls_would_not_either(self) -> None:
        with pytest.raises(NotOpened) as failure:
            await opened(f"ws://127.0.0.1:{free_port()}/v1/ws")

        assert not failure.value.ended.has_upgrade_failed


class TestTalking:
    async def test_an_array_of_frames_is_heard_frame_by_frame(self) -> None:
        async def talk(socket: ServerConnection) -> None:
            await socket.send(HELLO)
            await socket.recv()
            await socket.send(READY)
            events = [{"type": "message", "seq": seq} for seq in (1, 2)]
            await socket.send(json.dumps(events))
            await socket.close(1012)

        ear = Ear()
        ended = await talked(talk, ear)

        assert [(await ear.next()).seq for _ in range(3)] == [None, 1, 2]
        assert ended.what_next is ComeBack.AT_ONCE

    async def test_a_server_that_does_not_hear_us_was_not_reached(self) -> None:
        async def talk(socket: ServerConnection) -> None:
            await socket.send(HELLO)
            await silent(socket)

        assert await talked(talk, Ear(), ready_within_s=IMPATIENT_S) == NOT_LET_THROUGH

    async def test_a_socket_that_was_ready_may_be_silent_for_long(self) -> None:
        async def talk(socket: ServerConnection) -> None:
            await socket.send(HELLO)
            await socket.recv()
            await socket.send(READY)
            for _ in range(10):  # heartbeats
                await socket.recv()
            await socket.close(1012)

        ended = await talked(talk, Ear(), ready_within_s=IMPATIENT_S)

        assert ended.why == "1012"

    async def test_the_pressure_is_asked_for_with_every_heartbeat(self) -> None:
        pressure = 0

        async def talk(socket: ServerConnection) -> None:
            await socket.send(HELLO)
            async for text in socket:
                if json.loads(text)["type"] == "ping":
                    pong = {"server_time": "", "pressure": pressure}
                    await socket.send(json.dumps({"type": "pong", "data": pong}))

        async with server(talk) as url, talking(await opened(url)) as socket:
            seen = []
            for pressure in (1, 2, 0):
                await tells(socket, pressure)
                seen.append(socket.carries_typing)

        assert seen == [False, False, True]
