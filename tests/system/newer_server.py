"""A server of tomorrow: it says all that today's program says, and more."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

AURORA: Final = '{"type":"aurora","ts":"","data":{"colour":"green"}}'


@asynccontextmanager
async def newer_server(url: str) -> AsyncIterator[str]:
    """Stand between a client and the socket at `url`; return where the client connects instead.

    Every frame has a member that no client knows, and behind it comes one of an unknown type.
    """

    async def relay(near: ServerConnection) -> None:
        async with connect(url, proxy=None) as far:

            async def there() -> None:
                async for text in near:
                    await far.send(text)

            going = asyncio.create_task(there())
            async for text in far:
                await near.send(newer(str(text)))
                await near.send(AURORA)
            await going

    async with serve(relay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"ws://127.0.0.1:{port}/v1/ws"


def newer(text: str) -> str:
    """Return a text message, be it one frame or an array of them, with a member more in each."""
    said = json.loads(text)
    if isinstance(said, list):
        return json.dumps([frame | {"mood": "fine"} for frame in said])
    return json.dumps(said | {"mood": "fine"})
