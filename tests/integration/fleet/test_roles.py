"""The roles that deploy/postgres/roles.sh makes: each sees its own schema and nothing else."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from libs.common.migrate import SESSIONS
from services.builders.catalog import KEEPING
from services.builders.databases import DATABASE, bring_up_to_date, role_of, sessions_of
from services.deployment.secrets import OWNER
from services.nodes.postgres.binaries import find_binaries
from services.nodes.postgres.options import SUPERUSER
from services.nodes.postgres.server import PostgresServer
from tests.support.child import ROOT
from tests.support.folders import session_folder

START_S = 60.0

TWO_ROOMS = """
    INSERT INTO messages.room_head
    SELECT gen_random_uuid(), 'before', 1, 1, now(), 'public', 'open', '', '', 0
    FROM generate_series(1, 2)
"""

FORBIDDEN = """
    CREATE TABLE public.note (text text)
    CREATE TABLE {own}.note (text text)
    CREATE SCHEMA note
    CREATE TEMPORARY TABLE note (text text)
    CREATE ROLE intruder
    SET ROLE hubbub_owner
    SET ROLE postgres
    ALTER ROLE hubbub_owner PASSWORD 'known'
    COPY (SELECT 1) TO PROGRAM 'cat'
    SELECT pg_read_file('/etc/passwd')
    SELECT rolpassword FROM pg_authid
    DROP SCHEMA {own} CASCADE
    UPDATE {own}.migration SET checksum = ''
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """A Postgres on which the script has run and the migrations after it."""

    server: PostgresServer
    programs: Path
    secrets: Path

    async def as_role(self, role: str) -> asyncpg.Connection:
        return await asyncpg.connect(self.server.dsn(role, DATABASE))

    async def run_script(self) -> None:
        """Run the script as the image does."""
        await self.run(str(ROOT / "deploy/postgres/roles.sh"))

    async def run(self, *command: str) -> None:
        """Run a command beside the server, as its superuser; it says nothing when all is well."""
        host = parse_qs(urlsplit(self.server.dsn(SUPERUSER, "postgres")).query)["host"][0]
        script = await asyncio.create_subprocess_exec(
            *command,
            env={
                "PATH": f"{self.programs}:{os.environ['PATH']}",
                "PGHOST": host,
                "PGUSER": SUPERUSER,
                "HUBBUB_SECRETS": str(self.secrets / "postgres"),
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await script.communicate()
        assert (script.returncode, said.decode()) == (0, "")


@pytest.fixture
async def installed(made: Path) -> AsyncIterator[Installed]:
    binaries = find_binaries(major=None)
    with session_folder() as folder:
        server = await PostgresServer.start(
            folder, binaries, timeout_s=START_S, say=lambda _: None, is_durable=False
        )
        installed = Installed(server, binaries.installation.bin_folder, made)
        try:
            await installed.run_script()
            await bring_up_to_date(server.dsn(OWNER, DATABASE), KEEPING, lambda _: None, half=None)
            yield installed
        finally:
            await server.stop()


async def test_a_service_reaches_its_own_schema_and_nothing_else(installed: Installed) -> None:
    for service in KEEPING:
        connection = await installed.as_role(role_of(service))
        try:
            assert await connection.fetchval(f"SELECT count(*) FROM {service}.migration") > 0
            for other in set(KEEPING) - {service}:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(f"SELECT * FROM {other}.migration")
            for statement in FORBIDDEN.format(own=service).strip().splitlines():
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(installed.server.dsn(role_of(service), "postgres"))
        finally:
            await connection.close()


async def test_the_owner_of_the_schemas_is_no_superuser(installed: Installed) -> None:
    connection = await installed.as_role(OWNER)
    try:
        for statement in ("CREATE ROLE intruder", "CREATE DATABASE other", "SET ROLE postgres"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_who_migrates_sees_which_code_is_running(installed: Installed) -> None:
    session = sessions_of("messages")
    running = await asyncpg.connect(
        installed.server.dsn(role_of("messages"), DATABASE),
        server_settings={"application_name": session},
    )
    owner = await installed.as_role(OWNER)
    try:
        assert await owner.fetchval(SESSIONS, "hubbub-messages/") == session
    finally:
        await owner.close()
        await running.close()


async def test_a_second_run_sets_the_passwords_of_the_folder(installed: Installed) -> None:
    password = installed.secrets / "postgres" / role_of("rooms")
    superuser = await installed.as_role(SUPERUSER)
    try:
        before = await hashes(superuser)
        password.write_text("it's \\another 'one'")

        await installed.run_script()

        after = await hashes(superuser)
    finally:
        await superuser.close()
    assert before.keys() == after.keys() >= {OWNER, *map(role_of, KEEPING)}
    assert all(one.startswith("SCRAM-SHA-256$") for one in after.values())
    assert before[role_of("rooms")] != after[role_of("rooms")]


async def test_after_a_restore_every_room_has_a_new_epoch(installed: Installed) -> None:
    owner = await installed.as_role(OWNER)
    try:
        await owner.execute(TWO_ROOMS)

        file = str(ROOT / "deploy/postgres/new_epoch.sql")
        await installed.run("psql", "--quiet", f"--dbname={DATABASE}", f"--file={file}")

        epochs = [row["epoch"] for row in await owner.fetch("SELECT * FROM messages.room_head")]
    finally:
        await owner.close()
    assert len(set(epochs)) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", epoch) for epoch in epochs)


async def test_what_was_dumped_comes_back_with_its_rights(
    installed: Installed, tmp_path: Path
) -> None:
    """The commands of docs/operations.md."""
    owner = await installed.as_role(OWNER)
    await owner.execute(TWO_ROOMS)
    await owner.close()
    dump = str(tmp_path / "hubbub.dump")
    await installed.run("pg_dump", "--format=custom", f"--dbname={DATABASE}", f"--file={dump}")
    await installed.run("dropdb", DATABASE)
    await installed.run_script()

    await installed.run("pg_restore", f"--dbname={DATABASE}", "--clean", "--if-exists", dump)

    messages = await installed.as_role(role_of("messages"))
    try:
        assert await messages.fetchval("SELECT count(*) FROM messages.room_head") == 2
        await messages.execute("DELETE FROM messages.room_head")
        for statement in ("DELETE FROM messages.migration", "SELECT * FROM rooms.migration"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await messages.execute(statement)
    finally:
        await messages.close()
    assert await migrated_again(installed) == []


async def migrated_again(installed: Installed) -> list[str]:
    """Return what a migration would say on a database that needs none: nothing."""
    said: list[str] = []
    await bring_up_to_date(installed.server.dsn(OWNER, DATABASE), KEEPING, said.append, half=None)
    return said


async def hashes(superuser: asyncpg.Connection) -> dict[str, str]:
    """Return how Postgres keeps the passwords of our roles."""
    rows = await superuser.fetch(
        "SELECT rolname, rolpassword FROM pg_authid WHERE rolname LIKE 'hubbub_%'"
    )
    return {row["rolname"]: row["rolpassword"] for row in rows}
