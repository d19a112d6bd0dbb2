"""What a service of its own needs around it: keys, a vhost, and a migrated database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.builders.catalog import SERVICES, schema_of
from services.builders.databases import role_of
from services.split import keys
from tests.support.clock import TEN_O_CLOCK
from tests.support.postgres import Databases
from tests.support.rabbitmq import Brokers
from tests.support.service_database import service_database


@pytest.fixture(scope="session")
def service_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of all services."""
    folder = tmp_path_factory.mktemp("keys")
    keys.make(folder, SERVICES, now=TEN_O_CLOCK)
    return folder


@pytest.fixture
async def bus_url(brokers: Brokers) -> AsyncIterator[str]:
    """The address of a new vhost."""
    async with brokers.vhost() as url:
        yield url


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """The address of a new database with the schema of messages."""
    async with service_database(databases, schema_of("messages", role_of("messages"))) as dsn:
        yield dsn
