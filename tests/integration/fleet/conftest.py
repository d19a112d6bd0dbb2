"""The broker and the roles of the containers, as the files of deploy/ and the secrets make them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from services.deployment import secrets
from services.nodes.folder import DataFolder, StartFailed
from services.nodes.rabbitmq.accounts import OWNER, Accounts
from services.nodes.rabbitmq.binaries import Binaries, find_binaries
from services.nodes.rabbitmq.options import Plugin
from services.nodes.rabbitmq.place import Wanted
from services.nodes.rabbitmq.server import RabbitServer
from tests.support.folders import session_folder
from tests.support.own_rabbitmq import Background

START_S = 60.0


@dataclass(frozen=True, slots=True)
class Broker:
    """A RabbitMQ that has read the definitions, and the passwords in them."""

    server: RabbitServer
    secrets: Path

    def url(self, service: str) -> str:
        """Return the address of the broker as one service comes to it."""
        given = urlsplit((self.secrets / service / "bus_url").read_text())
        here = urlsplit(self.server.url(OWNER, "")).netloc.rpartition("@")[2]
        user = given.netloc.rpartition("@")[0]
        return given._replace(netloc=f"{user}@{here}").geturl()


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secrets of an installation."""
    folder = tmp_path_factory.mktemp("secrets")
    clock = SystemClock()
    secrets.make(folder, chance=SystemChance(clock), now=clock.now())
    return folder


@pytest.fixture(scope="package")
def broker(made: Path) -> Iterator[Broker]:
    """A broker of our own with the definitions of the containers."""
    try:
        binaries = find_binaries(None)
    except StartFailed as reason:
        pytest.skip(str(reason))
    background = Background()
    with session_folder() as folder:
        server = background.wait(_started(folder, binaries))
        file = str(made / "rabbitmq/definitions.json")
        try:
            background.wait(server.control("import_definitions", file))
            yield Broker(server, made)
        finally:
            background.wait(server.kill())
            background.close()


async def _started(folder: DataFolder, binaries: Binaries) -> RabbitServer:
    return await RabbitServer.start(
        folder,
        binaries,
        wanted=Wanted(Accounts(vhosts=(), users={}), plugins=(Plugin.PROMETHEUS,)),
        chance=SystemChance(SystemClock()),
        timeout_s=START_S,
        say=lambda _: None,
    )
