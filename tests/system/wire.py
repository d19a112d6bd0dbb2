"""One raw socket of the program: what a test writes goes out as it is, and nothing is repaired.

Every frame that comes must keep to docs/schemas.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from hubbub_client.frames import Frame, Json, parse, write
from tests.support.schemas import check_heard

WAIT_S: Final = 20.0
"""How long a frame may take on a busy machine; the slowest test waits for 3 s by design."""

MAX_FRAME_BYTES: Final = 4 * 1024 * 1024


class Wire:
    """Keeps every frame that came, in order, and hands out each once."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self._unheard: list[Frame] = []
        self._refs = count(1)

    async def write(self, raw: str | bytes) -> None:
        """Send a text frame of these characters, or a binary one of these bytes."""
        await self.socket.send(raw)

    async def tell(self, type_: str, ref: str | None = None, /, **data: Any) -> None:
        """Send a command and go on."""
        await self.write(write(type_, data, ref))

    async def ask(self, type_: str, /, **data: Any) -> Frame:
        """Send a command under a new ref and return its answer, be it an `error`."""
        ref = f"wire-{next(self._refs)}"
        await self.tell(type_, ref, **data)
        return await self.answer(ref)

    async def answer(self, ref: str) -> Frame:
        """Return the answer to the command of this ref."""
        return await self._first(lambda frame: frame.ref == ref)

    async def hear(self, type_: str) -> Frame:
        """Return the first frame of this type that was not handed out yet."""
        return await self._first(lambda frame: frame.type == type_)

    async def reach(self, seq: int) -> None:
        """Return once the durable event of this seq has come."""
        async with asyncio.timeout(WAIT_S):
            while not any(frame.seq == seq for frame in self.frames):
                await self._read()

    async def settle(self) -> None:
        """Return once everything has come that the gateway had sent before it was asked.

        What another process was told over HTTP may still be on its way to the gateway: `reach`.
        """
        await self.ask("ping")

    async def closed(self) -> tuple[int, str]:
        """Wait for the close of the server and return its code and its reason."""
        async with asyncio.timeout(WAIT_S):
            try:
                while True:
                    await self._read()
            except ConnectionClosed:
                return self.socket.close_code or 0, self.socket.close_reason or ""

    @property
    def events(self) -> list[Frame]:
        """Return the durable events that came, in the order in which they came."""
        return [frame for frame in self.frames if frame.seq is not None]

    async def _first(self, is_wanted: Callable[[Frame], bool]) -> Frame:
        async with asyncio.timeout(WAIT_S):
            while True:
                for at, frame in enumerate(self._unheard):
                    if is_wanted(frame):
                        return self._unheard.pop(at)
                await self._read()

    async def _read(self) -> None:
        raw = await self.socket.recv()
        check_heard(raw)
        frame = parse(raw)
        self.frames.append(frame)
        self._unheard.append(frame)


@asynccontextmanager
async def wire(
    url: str,
    *,
    headers: dict[str, str] | None = None,
    origin: str | None = None,
    subprotocols: tuple[str, ...] = ("chat.v1",),
) -> AsyncIterator[Wire]:
    """Open a socket that says nothing by itself.

    Raises: websockets.exceptions.InvalidStatus, when the handshake is refused.
    """
    async with connect(
        url,
        additional_headers=headers,
        origin=Origin(origin) if origin is not None else None,
        subprotocols=[Subprotocol(one) for one in subprotocols] or None,
        compression=None,
        max_size=MAX_FRAME_BYTES,
        # Without a bound: a close is read behind everything that came before it.
        max_queue=None,
        open_timeout=WAIT_S,
        close_timeout=WAIT_S,
        proxy=None,
    ) as socket:
        yield Wire(socket)


async def authenticate(one: Wire, token: str, *, resume: list[Json] | None = None) -> Frame:
    """Say who one is and return the answer: `ready`, or an `error` with a close behind it."""
    data: Json = {"token": token}
    if resume is not None:
        data["resume"] = resume
    return await one.ask("auth", **data)
