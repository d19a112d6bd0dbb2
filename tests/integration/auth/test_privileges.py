"""What the role of the service may not do, should anybody ever act as it."""

import asyncpg
import pytest

from tests.integration.auth.conftest import ROLE
from tests.integration.auth.living import Instance, SignedInPerson


async def test_the_service_runs_as_its_own_role(auth: Instance) -> None:
    assert await auth.database.fetchval("SELECT current_user::text") == ROLE


FORBIDDEN = """
    DELETE FROM account
    DELETE FROM bot
    DELETE FROM audit
    DELETE FROM policy
    DELETE FROM signing_keys
    TRUNCATE session
    DROP TABLE session
    ALTER TABLE account ADD COLUMN note text
    CREATE TABLE auth.note (text text)
    CREATE TABLE public.note (text text)
    UPDATE migration SET checksum = ''
    DROP SCHEMA auth CASCADE
    CREATE ROLE intruder
    COPY account TO PROGRAM 'cat'
"""


async def test_the_role_cannot_do_more_than_the_service_does(
    auth: Instance, alice: SignedInPerson
) -> None:
    for statement in FORBIDDEN.strip().splitlines():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await auth.database.execute(statement)

    assert (await alice.get("/v1/me")).status_code == 200
