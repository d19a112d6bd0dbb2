"""The database files on the disk: made once, whole or not at all, and never of another version."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from services.nodes.folder import DataFolder, StartFailed, sync_folder, unusable
from services.nodes.guarded import Guarded
from services.nodes.postgres.binaries import Binaries
from services.nodes.postgres.failure import explain
from services.nodes.postgres.options import LADDER, initdb_arguments

_UNFINISHED = "cluster.new-"


def cluster_folder(folder: DataFolder) -> Path:
    """Return where the database files are; Postgres calls that a cluster."""
    return folder.postgres / "cluster"


def cluster_major(folder: DataFolder) -> int | None:
    """Return the version that made the database; None when there is none yet.

    Raises: StartFailed, when something else is in its place, or it cannot be read.
    """
    cluster = cluster_folder(folder)
    if not cluster.exists():
        return None
    try:
        return int((cluster / "PG_VERSION").read_text())
    except PermissionError as error:
        raise unusable(cluster, error) from None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise StartFailed(
            f"{cluster} is not a database: move it away to begin with an empty one."
        ) from None


def log_file(folder: DataFolder) -> Path:
    """Return where Postgres' own words go."""
    return folder.logs / "postgres.log"


async def ensure_cluster(
    folder: DataFolder, binaries: Binaries, *, say: Callable[[str], None], is_durable: bool
) -> Path:
    """Return the folder of a database that `binaries` can run; make it the first time.

    Raises: StartFailed, when another version made it or it cannot be made.
    """
    _drop_unfinished(folder)
    made_by = cluster_major(folder)
    if made_by is None:
        say("Creating the database (first start only)")
        await _create(folder, binaries, is_durable=is_durable)
    elif made_by != binaries.major:
        raise StartFailed(
            f"{cluster_folder(folder)} was made by PostgreSQL {made_by}, and this is "
            f"{binaries.installation}: apt-get install postgresql-{made_by}, "
            "or move that folder away to begin with an empty database."
        )
    return cluster_folder(folder)


async def _create(folder: DataFolder, binaries: Binaries, *, is_durable: bool) -> None:
    """Make the database beside its place and rename it: a kill half-way leaves nothing in place."""
    new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.postgres))
    binaries.identity.own(new)
    arguments = initdb_arguments(binaries.major, is_durable=is_durable)
    initdb = await Guarded.run(
        binaries.command("initdb", "-D", str(new), *arguments),
        log=log_file(folder),
        ladder=LADDER,
        environment={},
    )
    try:
        ending = await initdb.ended()
    finally:
        # Waited for when the start is given up too: nothing of it may outlive the event loop.
        await initdb.stop()
    if ending.status != 0:
        shutil.rmtree(new, ignore_errors=True)
        raise StartFailed(explain(ending.last_lines, folder=folder.path, log=log_file(folder)))
    _put_in_place(new, folder)


def _put_in_place(new: Path, folder: DataFolder) -> None:
    new.rename(cluster_folder(folder))
    sync_folder(folder.postgres)


def _drop_unfinished(folder: DataFolder) -> None:
    for left in folder.postgres.glob(f"{_UNFINISHED}*"):
        # An orphaned initdb may still be writing into it; the next start takes the rest.
        shutil.rmtree(left, ignore_errors=True)
