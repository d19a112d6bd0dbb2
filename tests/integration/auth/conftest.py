"""Auth on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.auth.app import schema
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.support.postgres import Databases
from tests.support.service_database import empty, service_database

ROLE = "hubbub_test_auth"
SCHEMA = schema(ROLE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def migrated(databases: Databases) -> AsyncIterator[str]:
    async with service_database(databases, SCHEMA) as dsn:
        yield dsn


@pytest.fixture
async def dsn(migrated: str) -> str:
    """The address of a migrated database with nothing in it."""
    await empty(migrated, SCHEMA)
    return migrated


@pytest.fixture
async def town(dsn: str) -> Town:
    return await Town.found(dsn)


@pytest.fixture
async def auth(town: Town) -> AsyncIterator[Instance]:
    """One instance."""
    async with town.instance() as instance:
        yield instance


@pytest.fixture
async def alice(auth: Instance) -> SignedInPerson:
    return await auth.register("Alice")


@pytest.fixture
async def bob(auth: Instance) -> SignedInPerson:
    return await auth.register("Bob")
