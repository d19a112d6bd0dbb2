"""The two players, held against each other and against servers and clients that stray."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from hubbub_client.api import Api, Tokens
from hubbub_client.frames import Json
from tests.transcripts import client, server
from tests.transcripts.notation import read
from tests.transcripts.parts import part_of
from tests.transcripts.server import Strays

ROOM: Final = "0190b5a0-0000-7000-8000-00000000000a"
TEXT: Final = """
(Bob connects)
B< {"type":"hello",...}
B> {"type":"auth","ref":"1","data":{"token":"<bob's token>",...}}
B< {"type":"ready","ref":"1",...}
B> {"type":"send_message","ref":"2","data":{"room_id":"0190b5a0-0000-7000-8000-00000000000a",
    "client_msg_id":"k","content":"Tea?"}}
B< {"type":"ack","ref":"2","data":{"message_id":"<m1>","seq":3,"ts":"<t1>","duplicate":false},...}
"""
TEA: Final = read(TEXT, name="tea")
PART: Final = part_of(TEA, "B")


class Speaker:
    """A client with a voice: it says what its lines are, one for each frame that it hears."""

    def __init__(self, *lines: list[Json]) -> None:
        self._lines = list(lines)
        self._token = ""
        self._task: asyncio.Task[None] | None = None

    async def connect(self, url: str, token: str) -> None:
        self._token = token
        self._task = asyncio.create_task(self._talk(url))

    async def act(self, frame: Json) -> None:
        pass

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _talk(self, url: str) -> None:
        async with connect(url, proxy=None) as socket:
            for frames in self._lines:
                await socket.recv()
                await self._say(socket, frames)
            await socket.wait_closed()

    async def _say(self, socket: ClientConnection, frames: list[Json]) -> None:
        for frame in frames:
            await socket.send(json.dumps(frame).replace("THE-TOKEN", self._token))


AUTH: Final[Json] = {"type": "auth", "ref": "a", "data": {"token": "THE-TOKEN", "resume": []}}
SEND: Final[Json] = {
    "type": "send_message",
    "ref": "b",
    "data": {"room_id": ROOM, "client_msg_id": "mine", "content": "Tea?"},
}
PING: Final[Json] = {"type": "ping", "data": {}}
OTHER: Final[Json] = {**SEND, "data": {**SEND["data"], "content": "Coffee?"}}
SYNC: Final[Json] = {
    "type": "sync",
    "ref": "s",
    "data": {"room_id": ROOM, "after_seq": 0, "limit": 1},
}


async def play_against(*lines: list[Json]) -> None:
    """Hold a client with these lines to its part.  Raises: Strays."""
    speaker = Speaker(*lines)
    try:
        await client.play(PART, speaker)
    finally:
        await speaker.close()


class TestClients:
    async def test_one_that_keeps_to_its_part_may_choose_ids_and_ping(self) -> None:
        await play_against([AUTH, PING], [], [SEND], [PING])

    async def test_one_that_says_something_else_strays(self) -> None:
        with pytest.raises(Strays, match=r"step 5: say send_message: .*content is 'Coffee\?'"):
            await play_against([AUTH], [OTHER])

    async def test_one_that_says_more_than_it_may_strays(self) -> None:
        with pytest.raises(Strays, match=r"the client also said .*sync"):
            await play_against([AUTH], [SYNC, SEND])

    async def test_one_that_shows_another_token_strays(self) -> None:
        strange = {**AUTH, "data": {"token": "another"}}

        with pytest.raises(Strays, match=r"data\.token is 'another'"):
            await play_against([strange])

    async def test_one_that_goes_away_strays(self) -> None:
        speaker = Leaver()

        with pytest.raises(Strays, match="step 2: hear hello"):
            await client.play(PART, speaker)


class Leaver(Speaker):
    async def connect(self, url: str, token: str) -> None:
        async with connect(url, proxy=None) as socket:
            self.socket = socket


class Stage:
    """A server with fixed lines: one list for each frame that it hears, `hello` before all."""

    def __init__(self, *lines: list[Json | int]) -> None:
        self._lines = lines
        self.url = self.socket_url = ""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with serve(self._talk, "127.0.0.1", 0) as listening:
            port = next(iter(listening.sockets)).getsockname()[1]
            self.url, self.socket_url = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
            yield

    async def person(self, name: str) -> Api:
        api = Api(self.url)
        api.tokens = Tokens("token-of-bob", None, {"id": name})
        return api

    async def stop(self) -> None:
        raise AssertionError("nobody stops this one")

    async def _talk(self, socket: ServerConnection) -> None:
        for line in (*self._lines, None):
            for frame in line or ():
                if isinstance(frame, int):
                    await socket.close(frame)
                    return
                await socket.send(json.dumps(frame))
            try:
                said = json.loads(await socket.recv())
            except ConnectionClosed:
                return
            if said["type"] == "ping":
                await socket.send(json.dumps({"type": "pong", "ref": said["ref"], "data": {}}))


def answer(type_: str, ref: str | None, **data: Any) -> Json:
    return {"type": type_, **({"ref": ref} if ref else {}), "ts": "now", "data": data}


HELLO: Final = answer("hello", None, limits={"replay_events_per_room": 1})
READY: Final = answer("ready", "1")
ACK: Final = answer("ack", "2", message_id="m", seq=3, ts="now", duplicate=False)
NEWS: Final = answer("presence", None, users=[])
STRANGE: Final = answer("room_joined", "9")


async def hold(*lines: list[Json | int]) -> None:
    """Hold a server with these lines to the transcript.  Raises: Strays."""
    stage = Stage(*lines)
    async with stage.open():
        await server.play(TEA, stage)


class TestServers:
    async def test_one_that_keeps_to_it_may_tell_what_has_no_seq(self) -> None:
        await hold([HELLO], [NEWS, READY], [NEWS, ACK, NEWS])

    async def test_one_that_answers_something_else_strays(self) -> None:
        wrong = answer("ack", "2", message_id="m", seq=4, ts="now", duplicate=False)

        with pytest.raises(Strays, match=r"^tea:8: it.data.seq is 4 and should be 3"):
            await hold([HELLO], [READY], [wrong])

    async def test_one_that_says_more_strays_at_once_or_at_the_end(self) -> None:
        with pytest.raises(Strays, match=r"^tea:5: it.type is 'room_joined'"):
            await hold([HELLO], [STRANGE, READY])
        with pytest.raises(Strays, match=r"^tea: at the end Bob heard .*room_joined"):
            await hold([HELLO], [READY], [ACK, STRANGE])

    async def test_one_that_closes_strays(self) -> None:
        with pytest.raises(Strays, match=r"^tea:5: the socket was closed"):
            await hold([HELLO], [4401])
