"""The server under test, as `hello` describes it, and what whoever runs the tests says of it."""

import asyncio
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from hubbub_client.frames import Json, parse

ASK_S: Final = 10.0


class Unreachable(Exception):
    """There is no server to test; the text says what was tried."""


@dataclass(frozen=True, slots=True)
class Options:
    """What only whoever runs the tests can know.

    `also`: another gateway of the same installation. `stop_command`: what sends the server at
    `url` away as a deployment does. `pid`: its process, if it is on this machine. `patience_s`:
    how long a clause may wait for a time that the server chose. `flow_per_s`: how many events a
    second are made where a clause wants them to flow. `joins`: how often somebody comes in
    meanwhile. `wait_s`: how long something may take for which no clause names a time; 20 s is
    twice what a server waits itself. `slack_s`: how much later than the protocol says something
    may come, on a busy machine. `accounts`: pairs of an address and a password.
    """

    url: str
    also: str | None = None
    stop_command: str | None = None
    pid: int | None = None
    patience_s: float = 60.0
    flow_per_s: float = 200.0
    joins: int = 100
    wait_s: float = 20.0
    slack_s: float = 0.0
    accounts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is and which limits it told."""

    options: Options
    auth_timeout_s: float
    heartbeat_s: float
    limits: Json = field(default_factory=dict)

    @classmethod
    async def find(cls, options: Options) -> Self:
        """Read the first frame of a socket.  Raises: Unreachable."""
        try:
            async with asyncio.timeout(ASK_S), connect(socket_url(options.url), proxy=None) as its:
                hello = parse(await its.recv()).data
        except (OSError, TimeoutError, WebSocketException, ValueError) as error:
            raise Unreachable(f"no `hello` from {socket_url(options.url)}: {error!r}") from error
        try:
            return cls(
                options,
                auth_timeout_s=hello["auth_timeout_ms"] / 1000,
                heartbeat_s=hello["heartbeat_ms"] / 1000,
                limits=hello["limits"],
            )
        except (KeyError, TypeError) as error:
            raise Unreachable(f"`hello` lacks {error}: {hello}") from error

    @property
    def url(self) -> str:
        return self.options.url


def socket_url(url: str) -> str:
    """Return where the socket of an installation is."""
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss"}[parts.scheme]
    return f"{scheme}://{parts.netloc}/v1/ws"
