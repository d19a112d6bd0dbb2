"""A TCP proxy that misbehaves on request: the network between two parts, as it is on bad days.

It passes bytes on and looks at none of them. Each new connection goes to one of its targets that
answers, by chance, so it is also the balancer in front of several gateways.
"""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

HOST: Final = "127.0.0.1"
CHUNK_BYTES: Final = 64 * 1024
CONNECT_TIMEOUT_S: Final = 10.0


@dataclass(slots=True)
class Weather:
    """How the network is at the moment; changes hold for connections that are open too.

    `delay_s`: each piece is that late. `bytes_per_s`: what one direction of one connection carries;
    None: everything.
    """

    delay_s: float = 0.0
    bytes_per_s: float | None = None


class FaultProxy:
    """Listens on a free port of loopback. Use it as a context manager.

    `targets` are ports of loopback; while there are none, connections are cut.
    """

    def __init__(self) -> None:
        self.targets: Sequence[int] = ()
        self.weather = Weather()
        self._chance = random.Random(0)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._is_open = asyncio.Event()
        self._is_open.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.reset()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def open_connections(self) -> int:
        return len(self._writers) // 2

    def reset(self) -> None:
        """Cut every connection in the middle of whatever it carries."""
        for writer in list(self._writers):
            writer.transport.abort()

    def black_hole(self) -> None:
        """Let bytes arrive nowhere from now on, on old connections and new ones; nobody is told."""
        self._is_open.clear()

    def clear_up(self) -> None:
        """Be a good network again; what was held arrives now."""
        self.weather = Weather()
        self._is_open.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._is_open.wait()
        onward = await self._connect()
        if onward is None:
            writer.transport.abort()
            return
        answers, requests = onward
        pair = {writer, requests}
        self._writers |= pair
        try:
            # Whichever side ends first, the other hears of it at once.
            directions = {
                asyncio.create_task(self._carry(reader, requests)),
                asyncio.create_task(self._carry(answers, writer)),
            }
            await asyncio.wait(directions)
        finally:
            self._writers -= pair
            for each in pair:
                each.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for port in self._chance.sample(self.targets, len(self.targets)):
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_TIMEOUT_S):
                    return await asyncio.open_connection(HOST, port)
        return None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(CHUNK_BYTES):
                await self._weathered(len(piece))
                writer.write(piece)
                await writer.drain()
            writer.write_eof()
        except (OSError, RuntimeError):
            writer.transport.abort()

    async def _weathered(self, size: int) -> None:
        pause_s = self.weather.delay_s
        if self.weather.bytes_per_s is not None:
            pause_s += size / self.weather.bytes_per_s
        if pause_s:
            await asyncio.sleep(pause_s)
        await self._is_open.wait()
