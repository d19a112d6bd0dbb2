"""One socket of the server: what is written goes out as it is, and nothing is repaired."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from hubbub_client.frames import Frame, Json, parse, write
from tests.conformance.clause import Broken, shown
from tests.conformance.inbox import Inbox
from tests.conformance.pace import Pace
from tests.conformance.server import Server, socket_url

MAX_FRAME_BYTES: Final = 4 * 1024 * 1024
PROTOCOL: Final = ("chat.v1",)


class Wire:
    """Reads all the time, so that what came is known however long nobody asks."""

    def __init__(self, socket: ClientConnection, pace: Pace, *, wait_s: float) -> None:
        self.socket = socket
        self.inbox = Inbox(wait_s=wait_s)
        self.texts: list[str] = []
        self._pace = pace
        self._refs = count(1)
        self._reading = asyncio.create_task(self._read())

    @property
    def frames(self) -> list[Frame]:
        return self.inbox.frames

    async def write(self, raw: str | bytes) -> None:
        """Send a text frame of these characters, or a binary one of these bytes.

        Raises: Broken, when nobody listens any more.
        """
        try:
            await self.socket.send(raw)
        except ConnectionClosed as closed:
            raise Broken(f"expected to be heard; the connection was {self._ending()}") from closed

    async def tell(self, type_: str, ref: str | None = None, /, **data: Any) -> None:
        """Send a command and go on."""
        await self._pace.turn()
        await self.write(write(type_, data, ref))

    async def ask(self, type_: str, /, **data: Any) -> Frame:
        """Send a command under a new ref and return its answer, be it an `error`."""
        ref = f"c-{next(self._refs)}"
        await self.tell(type_, ref, **data)
        return await self.answer(ref)

    async def answer(self, ref: str) -> Frame:
        """Return the answer to the command of this ref."""
        return await self.inbox.first(lambda frame: frame.ref == ref, f"an answer to {ref}")

    async def hear(self, type_: str) -> Frame:
        """Return the first frame of this type that was not handed out yet."""
        return await self.inbox.first(lambda frame: frame.type == type_, f"a `{type_}`")

    async def closed(self, *, within_s: float | None = None) -> tuple[int, str]:
        """Wait for the close of the server and return its code and its reason.  Raises: Broken."""
        within_s = self.inbox.wait_s if within_s is None else within_s
        await asyncio.wait({self._reading}, timeout=within_s)
        if not self._reading.done():
            last = shown(self.frames[-2:])
            raise Broken(f"expected a close within {within_s:g} s; last came {last}")
        return self.socket.close_code or 0, self.socket.close_reason or ""

    async def stop(self) -> None:
        """Read no more."""
        self._reading.cancel()
        await asyncio.wait({self._reading})

    async def _read(self) -> None:
        try:
            async for raw in self.socket:
                self._take(str(raw))
        except (ConnectionClosed, ValueError) as error:
            self.inbox.end(f"came {error!r}")
        else:
            self.inbox.end(f"the connection was {self._ending()}")

    def _take(self, text: str) -> None:
        self.texts.append(text)
        self.inbox.put([parse(text)])

    def _ending(self) -> str:
        return f"closed with {self.socket.close_code} {self.socket.close_reason}"


@asynccontextmanager
async def wire(
    server: Server,
    *,
    at: str | None = None,
    query: str = "",
    headers: dict[str, str] | None = None,
    origin: str | None = None,
    subprotocols: tuple[str, ...] = PROTOCOL,
) -> AsyncIterator[Wire]:
    """Open a socket that says nothing by itself.  Raises: InvalidStatus, for a refusal."""
    async with connect(
        socket_url(at or server.url) + query,
        additional_headers=headers,
        origin=Origin(origin) if origin is not None else None,
        subprotocols=[Subprotocol(one) for one in subprotocols] or None,
        compression=None,
        max_size=MAX_FRAME_BYTES,
        # Without a bound: a close is read behind everything that came before it.
        max_queue=None,
        open_timeout=server.options.wait_s,
        close_timeout=1,
        proxy=None,
    ) as socket:
        one = Wire(socket, Pace.of_commands(server.limits), wait_s=server.options.wait_s)
        try:
            yield one
        finally:
            await one.stop()


async def refused(server: Server, **how: Any) -> tuple[int, str]:
    """Return with which status and body a handshake is refused.  Raises: Broken, if it is not."""
    try:
        async with wire(server, **how):
            raise Broken(f"expected a refusal of the handshake with {shown(how)}; came a socket")
    except InvalidStatus as refusal:
        return refusal.response.status_code, (refusal.response.body or b"").decode()


async def authenticate(one: Wire, token: str, *, resume: list[Json] | None = None) -> Frame:
    """Say who one is and return the answer: `ready`, or an `error` with a close behind it."""
    data: Json = {"token": token}
    if resume is not None:
        data["resume"] = resume
    return await one.ask("auth", **data)
