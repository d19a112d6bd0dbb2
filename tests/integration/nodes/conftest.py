"""Data folders that are held, and a Postgres on them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.binaries import Binaries, find_binaries
from services.nodes.postgres.cluster import cluster_folder, ensure_cluster
from services.nodes.postgres.server import PostgresServer
from services.nodes.rabbitmq.binaries import find_binaries as find_rabbitmq
from services.nodes.rabbitmq.server import RabbitServer
from tests.integration.nodes import rabbitmq
from tests.integration.nodes.children import Start


@pytest.fixture(scope="session")
def binaries() -> Binaries:
    try:
        return find_binaries(major=None)
    except StartFailed as failure:
        pytest.skip(str(failure))


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory, binaries: Binaries) -> Path:
    """Database files to copy, which takes a fifth of the time of making them."""
    path = tmp_path_factory.mktemp("original")
    with DataFolder.open(path, address="") as folder:
        return asyncio.run(ensure_cluster(folder, binaries, say=print, is_durable=False))


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where a data folder may be made; removed at once, since a database has 40 MB."""
    path = tmp_path / "data"
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def new_folder(path: Path) -> Iterator[DataFolder]:
    """A data folder without a database."""
    with DataFolder.open(path, address="http://127.0.0.1:8080") as held:
        yield held


@pytest.fixture
def folder(new_folder: DataFolder, original: Path) -> DataFolder:
    """A data folder with a database."""
    shutil.copytree(original, cluster_folder(new_folder))
    return new_folder


@pytest.fixture
def said() -> list[str]:
    """What the starts have said."""
    return []


@pytest.fixture
async def start(binaries: Binaries, said: list[str]) -> AsyncIterator[Start]:
    """Start Postgres on a folder as in production; stopped after the test at the latest."""
    async with AsyncExitStack() as stops:

        async def started(folder: DataFolder) -> PostgresServer:
            server = await PostgresServer.start(folder, binaries, timeout_s=30, say=said.append)
            stops.push_async_callback(server.stop)
            return server

        yield started


@pytest.fixture
async def start_broker(said: list[str]) -> AsyncIterator[rabbitmq.StartBroker]:
    """Start RabbitMQ on a folder as in production; killed after the test at the latest."""
    try:
        find_rabbitmq(None)
    except StartFailed as failure:
        pytest.skip(str(failure))
    async with AsyncExitStack() as kills:

        async def started(folder: DataFolder) -> RabbitServer:
            server = await rabbitmq.start(folder, timeout_s=rabbitmq.START_S, say=said.append)
            kills.push_async_callback(server.kill)
            return server

        yield started
