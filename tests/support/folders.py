"""Data folders of test sessions, which are gone after them, however a session ends."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.nodes.folder import DataFolder, StartFailed

_PREFIX = "hubbub-test-"


@contextmanager
def session_folder() -> Iterator[DataFolder]:
    """Yield a new data folder; remove it at the end, and those of sessions that were killed."""
    _remove_abandoned()
    path = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with DataFolder.open(path, address="a test session") as folder:
            yield folder
    finally:
        shutil.rmtree(path)


def _remove_abandoned() -> None:
    """Remove the folders of sessions that were killed: nobody holds those."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/lock"):
        # Held by a session that runs, or another user's.
        with contextlib.suppress(StartFailed), DataFolder.open(lock.parent, address="removal"):
            shutil.rmtree(lock.parent, ignore_errors=True)
