"""Lets a client hear why its body is not read, while it still sends it.

Who closes a connection at which bytes arrive resets it, and the other side may lose an answer that
it has not read yet; a proxy then takes the service for one that is away. So the answer goes out at
once, and what comes after it is thrown away for a moment before the connection ends.

See: RFC 9112, section 9.6.
"""

import asyncio
import contextlib
from typing import Final

from starlette.types import Message, Receive, Send

MAX_BYTES: Final = 1024 * 1024
MAX_S: Final = 1.0
"""Who still sends then is cut off."""


def lingering(receive: Receive, send: Send) -> Send:
    """Return a `send` that ends an answer only once the body has come, or has had its chance."""

    async def send_and_linger(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            await send({**message, "more_body": True})
            await _discard(receive)
            message = {"type": "http.response.body", "body": b""}
        await send(message)

    return send_and_linger


async def _discard(receive: Receive) -> None:
    """Take what comes until nothing more does, or it is enough."""
    taken = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(MAX_S):
            while taken < MAX_BYTES:
                message = await receive()
                if not message.get("more_body", False):
                    return
                taken += len(message["body"])
