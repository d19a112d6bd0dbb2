"""An installation whose answers are chosen by the test, and a client's ear."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx

from hubbub_client.core import Returns
from hubbub_client.frames import Frame, Json
from hubbub_client.link.door import Door
from hubbub_client.link.polls import Polls
from hubbub_client.rooms import Rooms
from hubbub_client.ways import Ended, Patience
from tests.support.waiting import until

SOCKET_URL: Final = "ws://hubbub.example/v1/ws"
WITHIN_S: Final = 5.0

READY: Final[Json] = {"rooms": []}
EXPIRED: Final[Json] = {"code": "token_expired", "message": "", "retryable": False}


def answer(cursors: Json | None = None, *events: Json, **more: object) -> httpx.Response:
    body = {"cursors": cursors or {}, "events": list(events), "more": False}
    return httpx.Response(200, json=body | more)


def greeting() -> httpx.Response:
    return answer(ready=READY)


class Installation:
    """Polls wait for what the test says of them, in turn; commands are answered as it says."""

    def __init__(self) -> None:
        self.polls: list[Json] = []
        self.commands: list[httpx.Request] = []
        self.tokens: list[str] = []
        self.answers: asyncio.Queue[httpx.Response | Exception] = asyncio.Queue()
        self.command_answers: asyncio.Queue[httpx.Response | Exception] = asyncio.Queue()

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.tokens.append(request.headers["authorization"])
        if request.url.path == "/v1/sync":
            self.polls.append(json.loads(request.content))
            found = await self.answers.get()
        else:
            self.commands.append(request)
            found = await self.command_answers.get()
        if isinstance(found, Exception):
            raise found
        return found


class Tokens:
    """Gives a new one each time, or fails."""

    def __init__(self) -> None:
        self.given = 0
        self.failure: Exception | None = None

    async def give(self) -> str:
        if self.failure is not None:
            raise self.failure
        self.given += 1
        return f"token-{self.given}"


class Ear:
    """Keeps what was heard, and hands out each frame once."""

    def __init__(self) -> None:
        self._frames: asyncio.Queue[Frame] = asyncio.Queue()

    async def hear(self, frame: Frame) -> None:
        await self._frames.put(frame)

    async def next(self) -> Frame:
        async with asyncio.timeout(WITHIN_S):
            return await self._frames.get()


class Polled:
    """A client that polls an installation, and never waits before it tries again."""

    def __init__(self, patience: Patience) -> None:
        self.installation = Installation()
        self.tokens = Tokens()
        self.ear = Ear()
        self.rooms = Rooms()
        self.door = Door(
            SOCKET_URL,
            self.tokens.give,
            headers={},
            transport=httpx.MockTransport(self.installation.handle),
        )
        self.running: asyncio.Task[Ended] | None = None
        self.polls = Polls(
            self.door,
            rooms=self.rooms,
            hear=self.ear.hear,
            returns=Returns(lambda _low, _high: 0.0),
            patience=patience,
        )

    async def ended(self) -> Ended:
        """Return how the polling has ended, once it has."""
        assert self.running is not None
        async with asyncio.timeout(WITHIN_S):
            return await self.running

    async def greeted(self) -> None:
        """Let the first poll be answered, and return when the second one is held."""
        await self.installation.answers.put(greeting())
        assert (await self.ear.next()).type == "ready"
        await self.asked(2)

    async def asked(self, count: int) -> Json:
        """Return the poll of that number, once it has come."""
        await until(lambda: len(self.installation.polls) >= count)
        return self.installation.polls[count - 1]

    async def commanded(self, count: int) -> httpx.Request:
        await until(lambda: len(self.installation.commands) >= count)
        return self.installation.commands[count - 1]


@asynccontextmanager
async def polled(patience: Patience | None = None) -> AsyncIterator[Polled]:
    """Yield a client that has greeted and whose second poll is held."""
    one = Polled(patience or Patience())
    one.running = running = asyncio.create_task(one.polls.run(is_trial=False))
    try:
        await one.greeted()
        yield one
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await one.door.close()
