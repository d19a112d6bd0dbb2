"""A wire to the broker that a test may cut, pull out and hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

CHUNK_BYTES = 65_536


class Cable:
    """Passes bytes on between whoever connects to `url` and the broker.

    `said` is all that the broker was told.
    """

    def __init__(self, broker_url: str) -> None:
        self._broker = urlsplit(broker_url)
        self.url = broker_url
        self._ends: set[asyncio.StreamWriter] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._is_out = False
        self.said = bytearray()
        self._relays: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """End all connections at once; new ones are welcome."""
        for end in self._ends:
            end.transport.abort()

    def pull_out(self) -> None:
        """End all connections; new ones end as they begin."""
        self._is_out = True
        self.cut()

    def plug_in(self) -> None:
        self._is_out = False

    def hold(self) -> None:
        """Pass nothing on, either way, and say nothing of it."""
        self._passing.clear()

    def release(self) -> None:
        self._passing.set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_out:
            writer.transport.abort()
            return
        far = await asyncio.open_connection(self._broker.hostname, self._broker.port)
        self._ends |= {writer, far[1]}
        relays = {
            asyncio.create_task(self._relay(reader, far[1], record=self.said)),
            asyncio.create_task(self._relay(far[0], writer, record=bytearray())),
        }
        self._relays |= relays
        await asyncio.wait(relays)
        self._relays -= relays
        self._ends -= {writer, far[1]}

    async def close(self) -> None:
        self.cut()
        self.release()
        if self._relays:
            await asyncio.wait(self._relays)

    async def _relay(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, record: bytearray
    ) -> None:
        with suppress(ConnectionError):
            while chunk := await source.read(CHUNK_BYTES):
                record += chunk
                await self._passing.wait()
                sink.write(chunk)
                await sink.drain()
        sink.close()
        with suppress(ConnectionError):
            await sink.wait_closed()


@asynccontextmanager
async def laid_to(broker_url: str) -> AsyncIterator[Cable]:
    """Lay a cable to the broker for the length of a block."""
    cable = Cable(broker_url)
    server = await asyncio.start_server(cable.accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    parts = urlsplit(broker_url)
    user = parts.netloc.rpartition("@")[0]
    cable.url = parts._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()
    try:
        yield cable
    finally:
        server.close()
        await cable.close()
        await server.wait_closed()
