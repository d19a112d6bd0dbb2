"""Keeps one socket open: connects, greets, reads, and comes back when it is cut."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from hubbub_client.core import ComeBack, Returns, come_back
from hubbub_client.frames import Frame, Json, parse, write

SUBPROTOCOL: Final = Subprotocol("chat.v1")
OPEN_TIMEOUT_S: Final = 10.0
PING_S: Final = 10.0
PONG_TIMEOUT_S: Final = 10.0
"""A server that stands still is left after 10 to 20 s, for another one if there is one."""

CLOSE_TIMEOUT_S: Final = 1.0
"""How long the server's goodbye is waited for: one that stands still says none."""

MAX_FRAME_BYTES: Final = 4 * 1024 * 1024

GiveToken = Callable[[], Awaitable[str]]


class Listener(Protocol):
    """Who hears what happens on the link."""

    def resume(self) -> list[Json]:
        """Return the cursors of the rooms to go on with."""
        ...

    async def on_frame(self, frame: Frame) -> None: ...

    def on_cut(self) -> None: ...


class Link:
    """Runs until cancelled, or until the server does not want this client back (`stopped`)."""

    def __init__(
        self, url: str, give_token: GiveToken, *, listener: Listener, headers: dict[str, str]
    ) -> None:
        self._url = url
        self._give_token = give_token
        self._listener = listener
        self._headers = headers
        self._socket: ClientConnection | None = None
        self._returns = Returns(random.uniform)
        self.stopped: str | None = None

    async def run(self) -> None:
        while True:
            what_next = await self._one_connection()
            if what_next in (ComeBack.NEVER, ComeBack.LOG_IN):
                return
            self.stopped = None
            await asyncio.sleep(self._returns.wait_s(what_next, _now()))

    async def write(self, type_: str, data: Json, ref: str | None = None) -> None:
        """Send a frame if there is a socket; what is lost with it is the caller's to repeat."""
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(write(type_, data, ref))

    def cut(self) -> None:
        """Drop the socket without a goodbye, as a bad network does."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def _one_connection(self) -> ComeBack:
        try:
            async with connect(
                self._url,
                subprotocols=[SUBPROTOCOL],
                additional_headers=self._headers,
                open_timeout=OPEN_TIMEOUT_S,
                ping_interval=PING_S,
                ping_timeout=PONG_TIMEOUT_S,
                close_timeout=CLOSE_TIMEOUT_S,
                max_size=MAX_FRAME_BYTES,
                compression=None,
                proxy=None,
            ) as socket:
                self._socket = socket
                return await self._talk(socket)
        except InvalidStatus as refusal:
            return self._refused(refusal)
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed):
            return ComeBack.BACKOFF
        finally:
            self._socket = None
            self._listener.on_cut()

    async def _talk(self, socket: ClientConnection) -> ComeBack:
        with contextlib.suppress(ConnectionClosed):
            await socket.recv()
            await self.write("auth", await self._auth(), "auth")
            async for text in socket:
                frame = parse(text)
                if frame.type == "ready":
                    self._returns.ready(_now())
                elif frame.type == "reconnect":
                    self._returns.told(frame.data.get("after_ms", 0) / 1000, _now())
                await self._listener.on_frame(frame)
        code = socket.close_code or 1006
        self.stopped = f"{code} {socket.close_reason or ''}".strip()
        return come_back(code, socket.close_reason or "")

    async def _auth(self) -> Json:
        auth: Json = {"token": await self._give_token()}
        resume = self._listener.resume()
        return auth | {"resume": resume} if resume else auth

    def _refused(self, refusal: InvalidStatus) -> ComeBack:
        """Obey an HTTP answer to the handshake: too many and unavailable pass, others do not."""
        wait = refusal.response.headers.get("Retry-After", "")
        if wait.isdigit():
            self._returns.told(float(wait), _now())
        status = refusal.response.status_code
        if status == 429 or status >= 500:
            return ComeBack.BACKOFF
        self.stopped = f"http {status}"
        return ComeBack.NEVER


def _now() -> float:
    return asyncio.get_running_loop().time()
