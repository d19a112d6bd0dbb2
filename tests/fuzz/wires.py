"""The one port: any bytes, in any pieces, end the connection or leave it reading, in some memory.

The first byte of the input says how the rest of it is said:

    bit 0  behind a good handshake     bit 3  the other end takes nothing
    bit 1  behind one with a token     bit 4  time passes between two pieces
    bit 2  the token's check waits     bit 5  as frames: each line is one, its first byte the opcode
    bits 6 and 7  pieces of 1, 7, 100 or 100,000 bytes
"""

import asyncio
import logging
from functools import cache
from typing import Any, Final

import structlog

from tests.support.network import Network
from tests.unit.gateway.indoors import HANDSHAKE, WITH_TOKEN, Indoors

PIECES: Final = (1, 7, 100, 100_000)
MOST_PIECES: Final = 60
MOST_HELD: Final = 400_000
"""What a backlog may hold, what the transport may, and one answer beyond."""

TIMES_S: Final = (0.5, 4.0, 6.0, 15.0, 15.0, 15.0, 6.0)
"""Nobody who is silent for so long is still connected."""

_FAULTS: Final[list[str]] = []
"""What went wrong where nobody is told of it: in tasks and in callbacks of the loop."""


def run(data: bytes) -> None:
    if data:
        _loop().run_until_complete(_live(data[0], data[1:]))


async def _live(how: int, data: bytes) -> None:
    indoors = _indoors()
    if how & 4:
        indoors.door.gate.clear()
    network = indoors.connect()
    network.takes = not how & 8
    if how & 3:
        network.say(WITH_TOKEN if how & 2 else HANDSHAKE)
    await _pass(indoors, 0)
    size = max(PIECES[how >> 6], len(data) // MOST_PIECES)
    said = _framed(data) if how & 32 else data
    for at in range(0, len(said), size):
        network.say(said[at : at + size])
        await _pass(indoors, 0.3 if how & 16 else 0)
    indoors.door.gate.set()
    await _check(indoors, network)
    for passed_s in TIMES_S:
        await _pass(indoors, passed_s)
    assert len(indoors.around.sweep) == 0
    await indoors.close()
    await _pass(indoors, 0)
    faults = [*_FAULTS]
    _FAULTS.clear()
    assert faults == []


async def _check(indoors: Indoors, network: Network) -> None:
    await _pass(indoors, 0)
    assert network.held <= MOST_HELD, network.held
    assert network.is_read or network.is_lost or indoors.door.gate.is_set()
    assert not network.written or network.written.startswith(b"HTTP/1.1 ")


async def _pass(indoors: Indoors, duration_s: float) -> None:
    """Let time pass, as far as those here need it."""
    if duration_s:
        await indoors.pass_time(duration_s)
    for _ in range(5):
        await asyncio.sleep(0)


def _framed(data: bytes) -> bytes:
    """Return each line as a frame of a client; masked with zeros, a text is as it is written."""
    return b"".join(_frame(line) for line in data.split(b"\n") if line)


def _frame(line: bytes) -> bytes:
    first, payload = line[0] | 0x80, line[1:]
    size = len(payload)
    head = bytes((first, 0x80 | size)) if size < 126 else bytes((first, 0xFE)) + size.to_bytes(2)
    return head + bytes(4) + payload


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the one loop, in which nothing may fail unheard."""
    structlog.configure(processors=[_unheard], cache_logger_on_first_use=False)
    logging.disable(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(_fail)
    return loop


@cache
def _indoors() -> Indoors:
    return Indoors()


def _unheard(_: Any, level: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if level in {"error", "critical", "exception"}:
        _FAULTS.append(str(event))
    raise structlog.DropEvent


def _fail(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _FAULTS.append(f"{context['message']}: {context.get('exception')!r}")
