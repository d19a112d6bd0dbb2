"""Root's second shape: Postgres runs as the real `nobody` where user namespaces are forbidden."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.binaries import Binaries
from services.nodes.postgres.cluster import cluster_folder
from services.nodes.postgres.identity import Identity, identities, refusal
from services.nodes.postgres.left_over import processes
from services.nodes.postgres.server import PostgresServer
from tests.integration.nodes.children import guard_of, kill, user_of
from tests.support.processes import postmaster

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has this shape")


@pytest.fixture
def shapes(binaries: Binaries) -> tuple[Identity, Identity]:
    """The user namespace, and nobody."""
    namespace, nobody, _ = identities()
    initdb = binaries.installation.bin_folder / "initdb"
    for shape in (namespace, nobody):
        if complaint := refusal(shape, initdb):
            pytest.skip(f"{shape.prefix[0]} does not work here: {complaint}")
    return namespace, nobody


@pytest.fixture
def reachable(original: Path) -> Iterator[DataFolder]:
    """A data folder with a database, not below a private folder."""
    with (
        tempfile.TemporaryDirectory(prefix="hubbub-test-nobody-") as path,
        DataFolder.open(Path(path), address="") as folder,
    ):
        shutil.copytree(original, cluster_folder(folder))
        yield folder


async def live_once(folder: DataFolder, binaries: Binaries) -> int:
    """Start and stop; return the user id of the running Postgres."""
    server = await PostgresServer.start(folder, binaries, timeout_s=30, say=print)
    uid = user_of(postmaster(folder.path))
    await server.stop()
    return uid


async def test_a_database_can_change_from_one_shape_to_the_other(
    reachable: DataFolder, binaries: Binaries, shapes: tuple[Identity, Identity]
) -> None:
    namespace, nobody = shapes

    uids = [
        await live_once(reachable, replace(binaries, identity=shape))
        for shape in (nobody, namespace, nobody)
    ]

    assert uids == [nobody.uid, 0, nobody.uid]


async def test_nobody_sees_the_database_and_nothing_else(
    reachable: DataFolder, binaries: Binaries, shapes: tuple[Identity, Identity]
) -> None:
    await live_once(reachable, replace(binaries, identity=shapes[1]))

    assert reachable.path.stat().st_mode & 0o777 == 0o710
    assert reachable.keys.stat().st_mode & 0o777 == 0o700
    assert reachable.keys.stat().st_uid == 0


async def test_a_killed_guard_ends_postgres_in_this_shape_too(
    reachable: DataFolder, binaries: Binaries, shapes: tuple[Identity, Identity]
) -> None:
    nobody = replace(binaries, identity=shapes[1])
    server = await PostgresServer.start(reachable, nobody, timeout_s=30, say=print)

    kill(guard_of(postmaster(reachable.path)))
    await server.wait_dead()

    assert processes(cluster_folder(reachable)) == set()


async def test_a_folder_below_a_private_one_is_refused(
    folder: DataFolder, binaries: Binaries, shapes: tuple[Identity, Identity]
) -> None:
    folder.path.parent.chmod(0o700)

    with pytest.raises(StartFailed, match=r"cannot write to .*/postgres: choose a data folder"):
        await live_once(folder, replace(binaries, identity=shapes[1]))


async def test_with_the_right_to_pass_every_folder_a_private_one_will_do(
    folder: DataFolder, binaries: Binaries
) -> None:
    passing = identities()[2]
    if complaint := refusal(passing, binaries.installation.bin_folder / "initdb"):
        pytest.skip(f"setpriv does not work here: {complaint}")
    folder.path.parent.chmod(0o700)

    assert await live_once(folder, replace(binaries, identity=passing)) == passing.uid
