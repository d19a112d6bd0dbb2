"""An installation of loopback with sockets and polls, each of which gets through or not."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from websockets.asyncio.server import ServerConnection, serve

from hubbub_client.link.sockets import SUBPROTOCOL
from tests.support.proxies.behaviours import End, passing
from tests.support.proxies.listening import Proxy

PAGE: Final = "<h1>It works!</h1>"
REVOKED: Final = {"code": "session_revoked", "message": "", "retryable": False}


class TwoWays:
    """`sent` are the messages that came, as the way and their id; `said` all other commands.

    Of the first `lost_answers` messages over HTTP nothing is heard.
    """

    def __init__(self, *, lets_sockets: bool, lets_polls: bool) -> None:
        self.lets_sockets = lets_sockets
        self.lets_polls = lets_polls
        self.lost_answers = 0
        self.has_ended_session = False
        self.upgrade_count = 0
        self.poll_count = 0
        self.sent: list[tuple[str, str]] = []
        self.said: list[str] = []

    async def talk(self, socket: ServerConnection) -> None:
        await socket.send(json.dumps({"type": "hello", "data": {}}))
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] == "auth":
                await socket.send(json.dumps({"type": "ready", "data": {}}))
            elif frame["type"] == "send_message":
                key = frame["data"]["client_msg_id"]
                self.sent.append(("socket", key))
                ack = {"message_id": key, "seq": len(self.sent), "duplicate": False}
                await socket.send(json.dumps({"type": "ack", "ref": frame["ref"], "data": ack}))
            else:
                self.said.append(frame["type"])

    async def behave(self, head: bytes, client: End, server: End) -> None:
        """Do what a network and an installation do together with one connection."""
        if head.startswith(b"GET /v1/ws "):
            self.upgrade_count += 1
            if self.lets_sockets:
                await passing(head, client, server)
            else:
                _answer(client, 200, PAGE)
            return
        fields = _fields(head)
        asked = json.loads(await client.reader.readexactly(int(fields["content-length"])) or b"{}")
        if b" /v1/sync " in head:
            await self._on_poll(asked, client)
        else:
            await self._on_message(fields["idempotency-key"], client)

    async def _on_poll(self, asked: dict[str, Any], client: End) -> None:
        self.poll_count += 1
        if not self.lets_polls:
            _answer(client, 502, PAGE)
        elif self.has_ended_session:
            _answer(client, 401, json.dumps(REVOKED))
        elif asked["greet"]:
            answer = {"ready": {"rooms": []}, "events": [], "cursors": {}, "more": False}
            _answer(client, 200, json.dumps(answer))
        else:
            await client.reader.read()

    async def _on_message(self, key: str, client: End) -> None:
        self.sent.append(("http", key))
        if self.lost_answers:
            self.lost_answers -= 1
            await client.reader.read()
        message = {"id": key, "seq": len(self.sent), "created_at": ""}
        _answer(client, 201, json.dumps({"message": message}))


@asynccontextmanager
async def two_ways(installation: TwoWays) -> AsyncIterator[str]:
    """Yield where clients connect."""
    async with serve(installation.talk, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        async with Proxy(port, installation.behave) as proxy:
            yield proxy.socket_url


def _fields(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.lower(): value.strip() for name, _, value in pairs}


def _answer(client: End, status: int, body: str) -> None:
    text = body.encode()
    head = f"HTTP/1.1 {status} -\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    client.writer.write(head.encode() + text)
