"""Starts that cannot succeed end with one line that says what to do."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.binaries import Binaries
from services.nodes.postgres.cluster import cluster_folder
from services.nodes.postgres.left_over import processes
from services.nodes.postgres.server import PostgresServer
from tests.integration.nodes.children import Start, can_run, child

OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")
"""A small disk that is gone with the program that mounted it."""


def on_a_disk_of(size: str, folder: Path) -> list[str]:
    """Return the words before a command line that make `folder` a disk of its own."""
    mounted = 'mkdir "$1" && mount -t tmpfs -o size="$0" none "$1" && shift && exec "$@"'
    return [*OWN_MOUNTS, "sh", "-c", mounted, size, str(folder)]


async def test_a_database_of_another_version_is_not_touched(
    start: Start, folder: DataFolder, binaries: Binaries
) -> None:
    await (await start(folder)).stop()
    (cluster_folder(folder) / "PG_VERSION").write_text("14\n")

    with pytest.raises(StartFailed) as failure:
        await start(folder)

    assert str(failure.value) == (
        f"{cluster_folder(folder)} was made by PostgreSQL 14, and this is "
        f"{binaries.installation}: apt-get install postgresql-14, "
        "or move that folder away to begin with an empty database."
    )


async def test_something_else_in_the_place_of_the_database_is_not_touched(
    start: Start, new_folder: DataFolder
) -> None:
    cluster_folder(new_folder).mkdir()
    (cluster_folder(new_folder) / "photo.jpg").write_bytes(b"mine")

    with pytest.raises(StartFailed, match="is not a database: move it away"):
        await start(new_folder)

    assert (cluster_folder(new_folder) / "photo.jpg").read_bytes() == b"mine"


async def test_a_broken_database_is_reported_with_what_postgres_says(
    start: Start, folder: DataFolder
) -> None:
    await (await start(folder)).stop()
    (cluster_folder(folder) / "global" / "pg_control").unlink()

    with pytest.raises(StartFailed, match=r"did not start \(.*pg_control.*\): .* says more\."):
        await start(folder)

    assert processes(cluster_folder(folder)) == set()


@pytest.mark.parametrize("size", ["20k", "10m"])
async def test_a_full_disk_is_named(path: Path, size: str) -> None:
    if not can_run(*OWN_MOUNTS, "true"):
        pytest.skip("this machine does not allow a disk of one's own")

    async with child(path, prefix=on_a_disk_of(size, path)) as full:
        failure = await full.says("failed: ")

        assert failure == (f"The disk that holds {path} is full: free some space and start again.")
        assert await full.ended() == 1


async def test_a_program_that_cannot_be_run_is_named(
    new_folder: DataFolder, binaries: Binaries
) -> None:
    gone = replace(binaries.installation, bin_folder=Path("/nowhere/bin"))

    with pytest.raises(StartFailed, match="/nowhere/bin/initdb"):
        await PostgresServer.start(
            new_folder, replace(binaries, installation=gone), timeout_s=10, say=print
        )

    assert list(new_folder.postgres.iterdir()) == []
