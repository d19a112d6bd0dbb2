"""The life of one Postgres: rows survive its ends, and its ends are noticed."""

import os
import shutil
import signal
from pathlib import Path

import asyncpg
import pytest

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.binaries import Binaries
from services.nodes.postgres.cluster import cluster_folder
from services.nodes.postgres.left_over import processes
from services.nodes.postgres.options import SUPERUSER
from services.nodes.postgres.server import PostgresServer
from tests.integration.nodes.children import Start, guard_of, kill
from tests.support.processes import postmaster


async def run(server: PostgresServer, sql: str) -> list[object]:
    """Return the first column of the answer."""
    connection = await asyncpg.connect(server.dsn(SUPERUSER, SUPERUSER))
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()


async def test_rows_survive_a_stop_and_a_start(
    start: Start, new_folder: DataFolder, said: list[str]
) -> None:
    first = await start(new_folder)
    await run(first, "CREATE TABLE note AS SELECT 'Alice was here' AS text")
    await first.stop()

    second = await start(new_folder)

    assert await run(second, "SELECT text FROM note") == ["Alice was here"]
    assert said == ["Creating the database (first start only)"]


async def test_committed_rows_survive_a_killed_postgres(start: Start, folder: DataFolder) -> None:
    first = await start(folder)
    await run(first, "CREATE TABLE note AS SELECT 'Alice was here' AS text")
    kill(postmaster(folder.path))
    reason = await first.wait_dead()

    second = await start(folder)

    assert reason.startswith("Postgres was killed by SIGKILL\n")
    assert "ready to accept connections" in reason
    assert await run(second, "SELECT text FROM note") == ["Alice was here"]


async def test_a_kill_harms_no_row_even_when_nothing_is_forced_to_the_disk(
    folder: DataFolder, binaries: Binaries, start: Start
) -> None:
    forgetful = await PostgresServer.start(
        folder, binaries, timeout_s=30, say=print, is_durable=False
    )
    await run(forgetful, "CREATE TABLE note AS SELECT 'Alice was here' AS text")
    kill(postmaster(folder.path))
    await forgetful.wait_dead()

    second = await start(folder)

    assert await run(second, "SELECT text FROM note") == ["Alice was here"]


async def test_a_stop_does_not_wait_for_open_connections(start: Start, folder: DataFolder) -> None:
    server = await start(folder)
    connection = await asyncpg.connect(server.dsn(SUPERUSER, SUPERUSER))

    await server.stop()

    assert processes(cluster_folder(folder)) == set()
    assert connection.is_closed()


async def test_a_stop_may_be_repeated(start: Start, folder: DataFolder) -> None:
    server = await start(folder)

    await server.stop()
    await server.stop()

    assert (await server.wait_dead()).startswith("Postgres ended with status 0\n")


async def test_a_killed_guard_ends_postgres_too(start: Start, folder: DataFolder) -> None:
    server = await start(folder)

    kill(guard_of(postmaster(folder.path)))

    assert (await server.wait_dead()).startswith("Postgres was stopped because its guard")
    assert processes(cluster_folder(folder)) == set()


async def test_the_network_is_not_a_door_and_the_disk_is_forced(
    start: Start, folder: DataFolder
) -> None:
    server = await start(folder)

    settings = await run(
        server,
        "SELECT name || '=' || setting FROM pg_settings WHERE name IN"
        " ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses') ORDER BY 1",
    )

    assert settings == [
        "fsync=on",
        "full_page_writes=on",
        "listen_addresses=",
        "synchronous_commit=on",
    ]


async def test_letters_of_every_script_have_two_cases(start: Start, folder: DataFolder) -> None:
    server = await start(folder)

    assert await run(server, "SELECT lower('ÄЖΣ')") == ["äжσ"]
    assert await run(server, "SELECT to_tsvector('simple', 'ÄЖ')::text") == ["'äж':1"]


async def test_errors_and_their_texts_stay_out_of_the_log(start: Start, folder: DataFolder) -> None:
    server = await start(folder)
    await run(server, "CREATE TABLE person (email text PRIMARY KEY)")
    await run(server, "INSERT INTO person VALUES ('alice@example.org')")

    with pytest.raises(asyncpg.UniqueViolationError):
        await run(server, "INSERT INTO person VALUES ('alice@example.org')")
    await server.stop()

    log = (folder.logs / "postgres.log").read_text()
    assert "database system is shut down" in log
    assert "alice@example.org" not in log


async def test_a_start_that_takes_too_long_leaves_nothing_running(
    start: Start, folder: DataFolder, binaries: Binaries
) -> None:
    await (await start(folder)).stop()

    with pytest.raises(StartFailed, match=r"did not answer within 0\.03 s: .*postgres\.log"):
        await PostgresServer.start(folder, binaries, timeout_s=0.03, say=print)

    assert processes(cluster_folder(folder)) == set()


@pytest.mark.parametrize("name", ["long-" * 25, "a,b", 'a b\'s "c" ü'])
async def test_any_name_of_a_folder_will_do(
    path: Path, original: Path, start: Start, name: str
) -> None:
    with DataFolder.open(path / name, address="") as folder:
        shutil.copytree(original, cluster_folder(folder))

        server = await start(folder)

        assert await run(server, "SELECT 1") == [1]
        await server.stop()


async def test_the_socket_can_be_reached_by_its_owner_only(
    start: Start, folder: DataFolder
) -> None:
    await start(folder)

    socket_folder = folder.postgres / "run"
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    assert (socket_folder / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700


async def test_signals_of_the_terminal_do_not_reach_postgres(
    start: Start, folder: DataFolder
) -> None:
    server = await start(folder)
    guard = guard_of(postmaster(folder.path))

    assert os.getsid(guard) == guard
    os.kill(guard, signal.SIGTERM)
    os.kill(guard, signal.SIGINT)
    assert await run(server, "SELECT 1") == [1]
