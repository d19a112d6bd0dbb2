"""A real RabbitMQ for the tests: one broker a session, a vhost of its own for each test.

The broker is started by the first test that wants one, and is the first of these that is there:

1. the one in HUBBUB_TEST_AMQP_URL, whose user must be an administrator, with the management plugin
   (at HUBBUB_TEST_AMQP_MANAGEMENT_URL, or on port 15672 of the same host),
2. the program's own, of the machine's programs or those in SPLIT_RABBITMQ_HOME, on a temporary
   folder; a guard process stops it even when pytest is killed,
3. a container, which testcontainers removes.

Only the program's own can be killed and started again; a test that wants that is skipped
elsewhere.

    async def test_what_was_confirmed_survives(brokers: Brokers) -> None:
        async with brokers.vhost() as url:
            ...
            await brokers.kill()
            await brokers.start()
"""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from services.nodes.folder import StartFailed
from services.nodes.rabbitmq.accounts import EVERYTHING, Rights
from services.nodes.rabbitmq.binaries import Binaries, find_binaries
from services.nodes.rabbitmq.options import DISK_FREE_LIMIT
from tests.support.folders import session_folder
from tests.support.own_rabbitmq import Address, Background, OwnNode

_ANSWER_S: Final = 20.0
_IMAGE: Final = "rabbitmq:3.13-management"
_AMQP_PORT: Final = 5672
_MANAGEMENT_PORT: Final = 15672
_MORE_THAN_ANY_DISK: Final = "1000000GB"


class Brokers:
    """Makes and drops vhosts on one broker; kills and restarts it where it is our own."""

    def __init__(self, broker: OwnNode | Address) -> None:
        self._broker = broker
        self._is_alarmed = False

    @asynccontextmanager
    async def vhost(self, *, default_queue_type: str = "classic") -> AsyncIterator[str]:
        """Yield the address of a new vhost, as a user who may do everything; drop it at the end.

        Queues whose type is not said are of the default one. Connections still open at the end are
        cut.
        """
        name = f"test-{uuid4().hex[:12]}"
        address = await self._address()
        user, password = address.login
        # RabbitMQ 3.10 knows the first name only.
        kind = dict.fromkeys(("defaultqueuetype", "default_queue_type"), default_queue_type)
        await self._manage("PUT", f"vhosts/{name}", kind)
        await self._permit(name, user, EVERYTHING)
        try:
            yield address.as_user(user, password, name)
        finally:
            if self._is_alarmed:
                await self.alarm(on=False)
            await self._manage("DELETE", f"vhosts/{name}", None)

    async def admit(self, url: str, rights: Rights) -> str:
        """Return an address of the same vhost as a new user, who may do only that."""
        user, password = f"test-{uuid4().hex[:12]}", uuid4().hex
        vhost = urlsplit(url).path.removeprefix("/")
        await self._manage("PUT", f"users/{user}", {"password": password, "tags": ""})
        await self._permit(vhost, user, rights)
        return (await self._address()).as_user(user, password, vhost)

    async def kill(self) -> None:
        """Kill the broker as `kill -9` does. What was confirmed is there after `start`."""
        await self._own().kill()

    async def start(self) -> None:
        """Start the broker after a kill, at the same address; return when it answers."""
        await self._own().start()

    async def alarm(self, *, on: bool) -> None:
        """Let the broker believe that its disk is full, or again that it is not.

        While it does, it reads nothing from a connection that has published. The end of a vhost
        ends this too.
        """
        self._is_alarmed = on
        limit = _MORE_THAN_ANY_DISK if on else DISK_FREE_LIMIT
        await self._own().control("set_disk_free_limit", limit)

    def _own(self) -> OwnNode:
        if isinstance(self._broker, Address):
            pytest.skip("a broker that is not ours is not harmed")
        return self._broker

    async def _address(self) -> Address:
        return await self._broker.address() if isinstance(self._broker, OwnNode) else self._broker

    async def _permit(self, vhost: str, user: str, rights: Rights) -> None:
        await self._manage("PUT", f"permissions/{vhost}/{user}", rights.expressions())

    async def _manage(self, method: str, path: str, body: dict[str, str] | None) -> None:
        address = await self._address()
        async with httpx.AsyncClient(auth=address.login, timeout=_ANSWER_S) as client:
            answer = await client.request(method, f"{address.management}/api/{path}", json=body)
        answer.raise_for_status()


@pytest.fixture(scope="session")
def brokers() -> Iterator[Brokers]:
    """The session's RabbitMQ."""
    with ExitStack() as opened:
        yield Brokers(_broker(opened))


def _broker(opened: ExitStack) -> OwnNode | Address:
    if given := os.environ.get("HUBBUB_TEST_AMQP_URL"):
        host = urlsplit(given).hostname
        there = f"http://{host}:{_MANAGEMENT_PORT}"
        return Address(given, os.environ.get("HUBBUB_TEST_AMQP_MANAGEMENT_URL", there))
    try:
        named = os.environ.get("SPLIT_RABBITMQ_HOME")
        binaries = find_binaries(Path(named) if named else None)
    except StartFailed:
        return opened.enter_context(_container())
    return opened.enter_context(_own_node(binaries))


@contextmanager
def _own_node(binaries: Binaries) -> Iterator[OwnNode]:
    background = Background()
    try:
        with session_folder() as folder:
            node = OwnNode(folder, binaries, background)
            yield node
            node.close()
    finally:
        background.close()


@contextmanager
def _container() -> Iterator[Address]:
    # Imported here: it is the last resort, and wants Docker.
    module = import_module("testcontainers.core.container")
    waiting = import_module("testcontainers.core.wait_strategies")
    container = (
        module.DockerContainer(_IMAGE)
        .with_exposed_ports(_AMQP_PORT, _MANAGEMENT_PORT)
        .waiting_for(waiting.LogMessageWaitStrategy("Server startup complete"))
    )
    with container:
        host = container.get_container_host_ip()
        yield Address(
            f"amqp://guest:guest@{host}:{container.get_exposed_port(_AMQP_PORT)}/",
            f"http://{host}:{container.get_exposed_port(_MANAGEMENT_PORT)}",
        )
