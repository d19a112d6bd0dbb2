"""What a client does about a message of which it hears nothing, over a socket of loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.server import ServerConnection, serve

from hubbub_client.client import Client
from hubbub_client.link.sockets import SUBPROTOCOL

ROOM = "0190b5a0-0000-7000-8000-00000000000a"
PATIENCE_S = 0.05


class DeafServer:
    """Lets everybody in, notes what they send, and answers from the second message on."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def talk(self, socket: ServerConnection) -> None:
        await socket.send(json.dumps({"type": "hello", "data": {}}))
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] == "auth":
                await socket.send(json.dumps({"type": "ready", "data": {}}))
            elif frame["type"] == "send_message":
                await self._take(socket, frame)

    async def _take(self, socket: ServerConnection, frame: dict[str, object]) -> None:
        data = frame["data"]
        assert isinstance(data, dict)
        self.heard.append(data["content"])
        if len(self.heard) > 1:
            ack = {"message_id": data["client_msg_id"], "seq": len(self.heard), "duplicate": False}
            await socket.send(json.dumps({"type": "ack", "ref": frame["ref"], "data": ack}))


@asynccontextmanager
async def connected(server: DeafServer) -> AsyncIterator[Client]:
    async def give_token() -> str:
        return "token"

    async with serve(server.talk, "127.0.0.1", 0, subprotocols=[SUBPROTOCOL]) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        url = f"ws://127.0.0.1:{port}/v1/ws"
        async with Client(url, give_token, answer_timeout_s=PATIENCE_S) as client:
            yield client


async def test_a_message_without_an_answer_is_sent_again_and_keeps_its_turn() -> None:
    server = DeafServer()
    async with connected(server) as client:
        first = asyncio.create_task(client.send(ROOM, "first"))
        second = asyncio.create_task(client.send(ROOM, "second"))

        sent = await asyncio.gather(first, second)

    assert server.heard == ["first", "first", "second"]
    assert [one.seq for one in sent] == [2, 3]
