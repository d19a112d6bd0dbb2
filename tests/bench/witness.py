"""Sockets that come, look and go, to see what one of many listeners is told."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from hubbub_client.frames import parse, write
from tests.bench.crowd import Seat

ANSWER_S: Final = 20.0
MAX_FRAME_BYTES: Final = 4 * 1024 * 1024


@dataclass(slots=True)
class Heard:
    """How many frames of each type came, and how large they were together."""

    frames: Counter[str] = field(default_factory=Counter)
    size_bytes: Counter[str] = field(default_factory=Counter)


@asynccontextmanager
async def seated(seat: Seat) -> AsyncIterator[ClientConnection]:
    """Let somebody sit on a socket of their own, live in their room."""
    url = f"ws://127.0.0.1:{seat.port}/v1/ws"
    async with connect(
        url, subprotocols=[Subprotocol("chat.v1")], max_size=MAX_FRAME_BYTES, proxy=None
    ) as socket:
        await _ask(socket, "auth", {"token": seat.token})
        await _ask(socket, "join_room", {"room_id": seat.room_id})
        yield socket


@asynccontextmanager
async def witness(seat: Seat) -> AsyncIterator[Heard]:
    """Count what somebody hears in the meantime."""
    heard = Heard()
    async with seated(seat) as socket:
        listening = asyncio.create_task(_listen(socket, heard))
        yield heard
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def come_and_go(seats: Sequence[Seat], *, per_s: float, stay_s: float) -> None:
    """Let each of these come, stay for a while, and go; so many begin in a second."""

    async def visit(number: int, seat: Seat) -> None:
        await asyncio.sleep(number / per_s)
        async with seated(seat):
            await asyncio.sleep(stay_s)

    await asyncio.gather(*(visit(number, seat) for number, seat in enumerate(seats)))


async def _ask(socket: ClientConnection, type_: str, data: dict[str, object]) -> None:
    await socket.send(write(type_, data, type_))
    async with asyncio.timeout(ANSWER_S):
        while (frame := parse(str(await socket.recv()))).ref != type_:
            pass
    if frame.type == "error":
        raise ConnectionError(f"{type_} was refused: {frame.data}")


async def _listen(socket: ClientConnection, heard: Heard) -> None:
    async for text in socket:
        frame = parse(str(text))
        heard.frames[frame.type] += 1
        heard.size_bytes[frame.type] += len(text)
