"""Whether what was started can be spoken to yet."""

import asyncio
import contextlib
from typing import Final

from services.nodes.rabbitmq.ports import LOOPBACK

_HELLO: Final = b"AMQP\x00\x00\x09\x01"
_START: Final = b"\x00\x0a\x00\x0a"
"""The first method of every conversation, connection.start.  See: AMQP 0-9-1 section 2.2.4."""

_FRAME_HEADER_BYTES: Final = 7
_ANSWER_S: Final = 2.0


async def answers(port: int) -> bool:
    """Return whether anybody takes connections on this port of loopback."""
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    await _close(writer)
    return True


async def answers_amqp(port: int) -> bool:
    """Return whether a broker on this port of loopback begins a conversation.

    A node opens its port last, so it is ready then.
    """
    try:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    try:
        writer.write(_HELLO)
        async with asyncio.timeout(_ANSWER_S):
            said = await reader.readexactly(_FRAME_HEADER_BYTES + len(_START))
        return said.endswith(_START)
    except (OSError, asyncio.IncompleteReadError):
        # A timeout is an OSError: somebody else has the port and says nothing.
        return False
    finally:
        await _close(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
