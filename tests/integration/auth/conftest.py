"""Auth on a database of its own, run with the rights that it has in production."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from libs.common.migrate import migrate
from services.auth.app import schema
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.support.postgres import Databases

ROLE = "hubbub_test_auth"

# Whoever logs in becomes the service's role, so tests do not depend on how a server lets roles in.
BECOME_ROLE = """
    DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET role = hubbub_test_auth', current_database());
    END $$
"""

EMPTY = """
    TRUNCATE auth.account, auth.credential, auth.session, auth.login_attempt, auth.owner_token,
             auth.signing_keys, auth.outbox
"""


async def migrate_auth(dsn: str) -> None:
    await migrate(dsn, schema(ROLE), with_contracts=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def migrated(databases: Databases) -> AsyncIterator[str]:
    """The address of a migrated database: one for each module, as making one takes a while."""
    await databases.template("auth", migrate_auth)
    async with databases.database(template="auth") as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute(BECOME_ROLE)
        await connection.close()
        yield dsn


@pytest.fixture
async def dsn(migrated: str) -> str:
    """The address of a migrated database with nothing in it."""
    connection = await asyncpg.connect(migrated)
    await connection.execute("SET ROLE NONE")
    await connection.execute(EMPTY)
    await connection.close()
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
