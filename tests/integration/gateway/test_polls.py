"""Polls over real connections: the same bytes as on a socket, at any of three gateways."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import httpx

from tests.integration.gateway.client import PATIENCE_S
from tests.integration.gateway.house import House, house, house_beside
from tests.unit.gateway.calling import at
from tests.unit.gateway.fakes import ALICE, BOB, FIRST_EPOCH, LOBBY

EVENTS = 120

QUICK: dict[str, Any] = {"polls_per_s": 1e6, "polls_burst": 10_000, "poll_answer_bytes": 4_096}


@asynccontextmanager
async def poller(home: House) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {ALICE.name}"}
    url = f"http://127.0.0.1:{home.port}"
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_S) as http:
        yield http


@asynccontextmanager
async def three() -> AsyncIterator[list[House]]:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(house(**QUICK))
        others = [await stack.enter_async_context(house_beside(first, **QUICK)) for _ in range(2)]
        yield [first, *others]


def raw_events(content: bytes) -> bytes:
    """Return what stands between the brackets of `events`."""
    return content.removeprefix(b'{"events":[').partition(b'],"cursors":')[0]


async def polled(pollers: Iterator[httpx.AsyncClient], chance: random.Random, last: int) -> bytes:
    """Poll at one gateway after the other until `last` came; now and then go away meanwhile."""
    seq, heard = 0, b""
    for there in pollers:
        asked = there.post("/v1/sync", json={"cursors": at(seq), "timeout_ms": 500})
        patience_s = chance.choice([0.001, 0.02, PATIENCE_S])
        try:
            async with asyncio.timeout(patience_s):
                answer = await asked
        except TimeoutError:
            continue
        assert answer.status_code == 200, answer.text
        heard += raw_events(answer.content) + b","
        seq = answer.json()["cursors"][str(LOBBY)]["seq"]
        if seq >= last:
            break
    return heard.strip(b",").replace(b",,", b",")


def in_turn(pollers: list[httpx.AsyncClient]) -> Iterator[httpx.AsyncClient]:
    for number in range(10_000):
        yield pollers[number % len(pollers)]


async def test_a_poller_hears_the_bytes_of_a_socket() -> None:
    chance = random.Random(5)
    async with three() as homes, AsyncExitStack() as stack:
        pollers = [await stack.enter_async_context(poller(home)) for home in homes]
        bob = await stack.enter_async_context(homes[1].client(BOB, max_queue=None))
        await bob.join(LOBBY, after_seq=0, epoch=FIRST_EPOCH)
        listening = asyncio.create_task(polled(in_turn(pollers), chance, last=EVENTS))
        while homes[0].messages.log().head < EVENTS:
            text = "x" * chance.choice([1, 100, 1_000])
            burst = [homes[0].messages.log().add(text) for _ in range(chance.choice([1, 2, 20]))]
            # The bus may swap what it brings.
            chance.shuffle(burst)
            await homes[0].publish(*burst)
            await homes[0].clock.sleep(chance.choice([0, 0, 0.01]))

        heard = await listening
        async with asyncio.timeout(PATIENCE_S):
            on_socket = [await bob.socket.recv(decode=False) for _ in range(EVENTS)]

    assert heard.startswith(b",".join(on_socket))


async def test_a_client_that_goes_away_is_noticed() -> None:
    async with house() as home, poller(home) as alice:
        held = asyncio.create_task(alice.post("/v1/sync", json={"cursors": at(0)}))
        await until(home, 1)

        held.cancel()
        with suppress(asyncio.CancelledError):
            await held
        await until(home, 0)

        assert home.counted("polls_ended_total", outcome="gone") == 1


async def test_lines_of_a_stream_come_as_they_are_made() -> None:
    async with house() as home, poller(home) as alice:
        asked = alice.stream("POST", "/v1/stream", json={"cursors": at(0)})
        async with asked as answer, asyncio.timeout(PATIENCE_S):
            lines = answer.aiter_lines()
            assert [json.loads(await anext(lines))["type"] for _ in range(3)] == [
                "hello",
                "ready",
                "resumed",
            ]
            for _ in range(3):
                event = home.messages.log().add()
                await home.publish(event)
                assert (await anext(lines)).encode() == event.frame


async def test_who_reads_nothing_of_a_stream_is_cut() -> None:
    async with house(backlog_frames=64, backlog_age_s=0.5) as home:
        body = json.dumps({"cursors": at(0)}).encode()
        head = (
            f"POST /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ALICE.name}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        stopped = socket.socket()
        stopped.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        stopped.setblocking(False)
        with stopped:
            loop = asyncio.get_running_loop()
            await loop.sock_connect(stopped, ("127.0.0.1", home.port))
            await loop.sock_sendall(stopped, head.encode() + body)
            await until(home, 1)

            async with asyncio.timeout(PATIENCE_S):
                while home.counted("polls_count"):
                    await home.publish(*[home.messages.log().add("x" * 50_000) for _ in range(20)])
                    await home.clock.sleep(0)

        assert home.counted("backlogs_dropped_total") == 1


async def until(home: House, count: int) -> None:
    """Wait until so many polls are held."""
    async with asyncio.timeout(PATIENCE_S):
        while home.counted("polls_count") != count:
            await home.clock.sleep(0.01)
