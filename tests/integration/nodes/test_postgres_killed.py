"""What a kill leaves behind is healed by itself, at once or by the next start."""

import os
from pathlib import Path

import asyncpg

from services.nodes.folder import DataFolder
from services.nodes.postgres.cluster import cluster_folder
from services.nodes.postgres.left_over import processes
from tests.integration.nodes.children import Start, child, guard_of, kill
from tests.support.processes import postmaster
from tests.support.waiting import until

# Measured: 0.05 s on an idle machine.
GONE_S = 5.0


def left_on(path: Path) -> set[int]:
    return processes(path / "postgres" / "cluster")


async def write_a_note(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE note AS SELECT 'Alice was here' AS text")
    await connection.close()


async def read_the_note(dsn: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval("SELECT text FROM note")
    finally:
        await connection.close()


async def test_postgres_ends_with_a_killed_parent(path: Path) -> None:
    async with child(path) as parent:
        await parent.says("dsn ")

        await parent.killed()

        await until(lambda: not left_on(path), within_s=GONE_S)


async def test_the_next_start_ends_a_postgres_that_lost_parent_and_guard(path: Path) -> None:
    async with child(path) as first:
        await write_a_note(await first.says("dsn "))
        orphan = postmaster(path)
        # The parent cannot close the pipe to a guard that is stopped already.
        kill(guard_of(orphan), first.pid)
        await first.killed()
    assert orphan in left_on(path)

    async with child(path) as second:
        await second.says("Stopping the database of a run that was killed")

        assert await read_the_note(await second.says("dsn ")) == "Alice was here"
        assert orphan not in left_on(path)


async def test_the_next_start_heals_when_everything_was_killed_at_once(path: Path) -> None:
    async with child(path) as first:
        await write_a_note(await first.says("dsn "))
        everything = left_on(path)
        kill(guard_of(postmaster(path)), first.pid, *everything)
        await first.killed()
    await until(lambda: not left_on(path), within_s=GONE_S)

    async with child(path) as second:
        assert await read_the_note(await second.says("dsn ")) == "Alice was here"


async def test_a_second_process_is_told_who_holds_the_folder(path: Path) -> None:
    async with child(path) as first:
        await first.says("dsn ")

        async with child(path) as second:
            refusal = await second.says("failed: ")
            status = await second.ended()

    assert status == 1
    assert refusal == (
        f"Hubbub already runs on {path} (process {first.pid}, http://127.0.0.1:8080): "
        "stop that one first, or choose another data folder."
    )


async def test_a_database_whose_making_was_killed_is_made_anew(path: Path) -> None:
    def half_made() -> list[Path]:
        return list((path / "postgres").glob("cluster.new-*/PG_VERSION"))

    async with child(path) as first:
        await until(lambda: bool(half_made()), within_s=10)
        await first.killed()
    assert not (path / "postgres" / "cluster").exists()

    async with child(path) as second:
        await second.says("Creating the database")
        await second.says("dsn ")

        assert half_made() == []


async def test_a_pid_file_that_names_an_innocent_process_is_removed(
    start: Start, folder: DataFolder
) -> None:
    await (await start(folder)).stop()
    pid_file = cluster_folder(folder) / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n0\n5432\n\n\n\n\n")

    await start(folder)

    assert postmaster(folder.path) != os.getpid()
