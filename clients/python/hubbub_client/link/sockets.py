"""The way over a socket: opened, greeted by the server, and talked over until it is closed."""

import asyncio
import contextlib
import json
import random
from collections.abc import Awaitable, Callable
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from hubbub_client.core import ComeBack, Uniform
from hubbub_client.frames import Frame, Json, frames_in, write
from hubbub_client.link.listening import Hear
from hubbub_client.ways import (
    NOT_LET_THROUGH,
    Ended,
    ended_by_answer,
    ended_by_close,
    is_our_refusal,
)

SUBPROTOCOL: Final = Subprotocol("chat.v1")

PING_S: Final = 10.0
PONG_TIMEOUT_S: Final = 10.0
"""A server that stands still is left after 10 to 20 s, for another one if there is one. The
library's own pings see to that; those of the protocol are only for what their answers tell.
"""

CLOSE_TIMEOUT_S: Final = 1.0
"""How long the server's goodbye is waited for: one that stands still says none."""

MAX_FRAME_BYTES: Final = 4 * 1024 * 1024
HEARTBEAT_MS: Final = 25_000

BUSY: Final = 1
"""The pressure from which on the server takes no typing."""

GiveAuth = Callable[[], Awaitable[Json]]
"""Gives the content of `auth`, once the server has said hello."""

NO_NETWORK: Final = Ended(ComeBack.BACKOFF, why="no network")


class NotOpened(Exception):
    """There is no socket; `ended` says what is next."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.why)
        self.ended = ended


async def open_socket(url: str, *, headers: dict[str, str], timeout_s: float) -> "Socket":
    """Return a socket that has heard `hello`; close it.  Raises: NotOpened."""
    connection = await _connect(url, headers, timeout_s)
    try:
        async with asyncio.timeout(timeout_s):
            hello, *_ = frames_in(await connection.recv())
    except ConnectionClosed:
        raise NotOpened(_ended(connection, was_ready=False)) from None
    except (TimeoutError, ValueError):
        connection.transport.abort()
        raise NotOpened(NOT_LET_THROUGH) from None
    except BaseException:
        connection.transport.abort()
        raise
    heartbeat_s = hello.data.get("heartbeat_ms", HEARTBEAT_MS) / 1000
    return Socket(connection, heartbeat_s=heartbeat_s, uniform=random.uniform)


class Socket:
    """One open connection. `pressure` is what the last `pong` told."""

    def __init__(
        self, connection: ClientConnection, *, heartbeat_s: float, uniform: Uniform
    ) -> None:
        self.pressure = 0
        self.is_ready = False
        self._connection = connection
        self._heartbeat_s = heartbeat_s
        self._uniform = uniform

    @property
    def carries_typing(self) -> bool:
        return self.pressure < BUSY

    async def talk(self, give_auth: GiveAuth, hear: Hear, *, ready_within_s: float) -> Ended:
        """Say who one is and hand everything that comes to `hear`, until the socket is closed."""
        beating = asyncio.create_task(self._beat())
        try:
            auth = await give_auth()
            async with asyncio.timeout(ready_within_s) as patience:
                await self.write("auth", auth, "auth")
                async for text in self._connection:
                    for frame in frames_in(text):
                        if frame.type == "ready":
                            self.is_ready = True
                            patience.reschedule(None)
                        await self._on_frame(frame, hear)
        except ConnectionClosed:
            pass
        except TimeoutError:
            return NOT_LET_THROUGH
        finally:
            beating.cancel()
            await self.close()
        return _ended(self._connection, was_ready=self.is_ready)

    async def write(self, type_: str, data: Json, ref: str | None = None) -> None:
        """Send a frame; what is lost with the socket is the caller's to repeat."""
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(write(type_, data, ref))

    def cut(self) -> None:
        """Drop the socket without a goodbye, as a bad network does."""
        self._connection.transport.abort()

    async def close(self) -> None:
        await self._connection.close()

    async def _on_frame(self, frame: Frame, hear: Hear) -> None:
        if frame.type == "pong":
            self.pressure = int(frame.data.get("pressure") or 0)
        if frame.type != "pong" or frame.ref is not None:
            await hear(frame)

    async def _beat(self) -> None:
        """Ask now and then how the server is; at the first time not all clients together."""
        await asyncio.sleep(self._uniform(0.0, self._heartbeat_s))
        while True:
            await self.write("ping", {})
            await asyncio.sleep(self._heartbeat_s)


async def _connect(url: str, headers: dict[str, str], timeout_s: float) -> ClientConnection:
    try:
        return await connect(
            url,
            subprotocols=[SUBPROTOCOL],
            additional_headers=headers,
            open_timeout=timeout_s,
            ping_interval=PING_S,
            ping_timeout=PONG_TIMEOUT_S,
            close_timeout=CLOSE_TIMEOUT_S,
            max_size=MAX_FRAME_BYTES,
            compression=None,
            proxy=None,
        )
    except InvalidStatus as refusal:
        raise NotOpened(_refused(refusal)) from refusal
    except (TimeoutError, InvalidHandshake, ConnectionClosed) as failure:
        raise NotOpened(NOT_LET_THROUGH) from failure
    except OSError as failure:
        raise NotOpened(NO_NETWORK) from failure


def _refused(refusal: InvalidStatus) -> Ended:
    response = refusal.response
    try:
        body = json.loads(response.body)
    except ValueError:
        body = None
    return ended_by_answer(
        response.status_code,
        response.headers.get("Retry-After", ""),
        is_ours=is_our_refusal(body),
    )


def _ended(connection: ClientConnection, *, was_ready: bool) -> Ended:
    code, reason = connection.close_code or 1006, connection.close_reason or ""
    return ended_by_close(code, reason, was_ready=was_ready)
