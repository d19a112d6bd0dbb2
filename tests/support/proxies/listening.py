"""A proxy between people and a server, as bad as one chooses.

    async with Proxy(program.port, stripping) as proxy:
        ...                           # let the client connect to proxy.url or proxy.socket_url
        proxy.behaviour = passing     # holds for connections that are made from now on

`behaviours` has what it may do with a connection.
"""

import asyncio
import contextlib
from typing import Final, Self

from tests.support.proxies.behaviours import Behaviour, End

HOST: Final = "127.0.0.1"
END_OF_HEAD: Final = b"\r\n\r\n"


class Proxy:
    """Listens on a free port of loopback, for a server on another. Use it as a context manager.

    `requests` are the first lines of what was asked, like `GET /v1/ws HTTP/1.1`, one for each
    connection: the later requests on a connection that stays open are not looked at. `cut_count`
    connections were cut in the middle.
    """

    def __init__(self, target_port: int, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.requests: list[str] = []
        self.cut_count = 0
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, HOST, 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://{HOST}:{self.port}/v1/ws"

    @property
    def open_connections(self) -> int:
        return len(self._serving)

    def asked(self, start: str) -> int:
        """Return how many of the requests begin so, like `POST /v1/sync`."""
        return sum(line.startswith(start) for line in self.requests)

    def cut(self) -> None:
        """Cut every connection in the middle of whatever it carries."""
        for task in self._serving:
            task.cancel()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving = asyncio.create_task(self._serve(End(reader, writer)))
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)

    async def _serve(self, client: End) -> None:
        ends = [client]
        # Somebody who goes away in the middle is nothing to speak of.
        with contextlib.suppress(OSError, EOFError):
            try:
                head = await client.reader.readuntil(END_OF_HEAD)
                self.requests.append(head.partition(b"\r\n")[0].decode("latin-1"))
                server = End(*await asyncio.open_connection(HOST, self._target_port))
                ends.append(server)
                await self.behaviour(head, client, server)
            except BaseException as failure:
                self.cut_count += isinstance(failure, TimeoutError | asyncio.CancelledError)
                for end in ends:
                    end.writer.transport.abort()
                raise
            finally:
                for end in ends:
                    end.writer.close()
