"""The program's own RabbitMQ in a test session: on a loop of its own, which outlives every test."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from threading import Thread
from typing import Any, Final, TypeVar
from urllib.parse import quote, unquote, urlsplit

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from services.nodes.folder import DataFolder
from services.nodes.rabbitmq.accounts import OWNER, Accounts
from services.nodes.rabbitmq.binaries import Binaries
from services.nodes.rabbitmq.options import Plugin
from services.nodes.rabbitmq.place import Wanted
from services.nodes.rabbitmq.server import RabbitServer

T = TypeVar("T")

_START_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker takes messages, and where it is managed, as an administrator."""

    amqp: str
    management: str

    def as_user(self, user: str, password: str, vhost: str) -> str:
        """Return the address of one vhost, as one user."""
        place = urlsplit(self.amqp).netloc.rpartition("@")[2]
        return f"amqp://{quote(user, safe='')}:{quote(password, safe='')}@{place}/{vhost}"

    @property
    def login(self) -> tuple[str, str]:
        """The administrator's name and password."""
        parts = urlsplit(self.amqp)
        return unquote(parts.username or "guest"), unquote(parts.password or "guest")


class Background:
    """A loop in a thread of its own: a node outlives the loop of each test."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="nodes", daemon=True)
        self._thread.start()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work there, and block until it is done."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work there, while the loop of the test goes on."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class OwnNode:
    """The program's own RabbitMQ on one folder, started when first wanted."""

    def __init__(self, folder: DataFolder, binaries: Binaries, background: Background) -> None:
        self._folder = folder
        self._binaries = binaries
        self._background = background
        self._server: RabbitServer | None = None

    async def address(self) -> Address:
        """Return where it is, started unless it runs."""
        server = self._server or await self.start()
        return Address(server.url(OWNER, ""), server.plugin_url(Plugin.MANAGEMENT))

    async def start(self) -> RabbitServer:
        self._server = await self._background.do(self._started())
        return self._server

    async def kill(self) -> None:
        if self._server is not None:
            await self._background.do(self._server.kill())
            self._server = None

    async def control(self, *arguments: str) -> str:
        server = self._server or await self.start()
        return await self._background.do(server.control(*arguments))

    def close(self) -> None:
        """Kill it: an orderly end takes a second, and nobody needs what it keeps."""
        if self._server is not None:
            self._background.wait(self._server.kill())

    async def _started(self) -> RabbitServer:
        return await RabbitServer.start(
            self._folder,
            self._binaries,
            wanted=Wanted(Accounts(vhosts=(), users={}), plugins=(Plugin.MANAGEMENT,)),
            chance=SystemChance(SystemClock()),
            timeout_s=_START_S,
            say=lambda _: None,
        )
