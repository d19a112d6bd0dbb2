"""Auth on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import pytest

from libs.common.migrations import Schema
from services.auth.app import schema as schema_of
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.mailing import Mailing, mailing
from tests.support.mail_server import MailServer, mail_server

ROLE = "hubbub_test_auth"
SCHEMA = schema_of(ROLE)


@pytest.fixture(scope="module")
def schema() -> Schema:
    return SCHEMA


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


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A mail server that takes everything."""
    async with mail_server() as made:
        yield made


@pytest.fixture
async def mail(town: Town, server: MailServer) -> AsyncIterator[Mailing]:
    """One instance that writes letters."""
    async with mailing(town, server) as made:
        yield made
