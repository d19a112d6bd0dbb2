"""The data folder: all that a Hubbub with nodes of its own keeps, held by one process at a time.

    data/            0700; 0710 where Postgres has to run as `nobody`
      lock           who holds the folder; locked with flock, so that even `kill -9` frees it
      keys/          secrets, one file each, 0600
      logs/          what the nodes say
      postgres/      the database
      rabbitmq/      what the broker keeps; only where Hubbub starts one

A file of `keys/` is whole or absent: written beside its place, forced to the disk, renamed.
"""

import errno
import fcntl
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from libs.common.starting import CannotStart

PRIVATE = 0o700
"""Only the user who runs Hubbub enters."""

_HOLDER_BYTES = 4096
"""More than a process number and an address ever need."""


class StartFailed(CannotStart):
    """Whoever starts Hubbub, or a node of its own, finds something that prevents it."""


class DataFolder:
    """A data folder that this process holds until `close`, or until it dies."""

    def __init__(self, path: Path, lock_fd: int) -> None:
        self.path = path
        self.keys = path / "keys"
        self.logs = path / "logs"
        self.postgres = path / "postgres"
        self._lock_fd = lock_fd

    @classmethod
    def open(cls, path: Path, *, address: str) -> Self:
        """Make the folder where it is missing, and hold it.

        `address` is where this process answers; a second process is told it.

        Raises: StartFailed, when another process holds the folder or it cannot be used.
        """
        path = path.resolve()
        try:
            path.mkdir(PRIVATE, parents=True, exist_ok=True)
            folder = cls(path, _hold(path / "lock", address))
            for part in (folder.keys, folder.logs, folder.postgres):
                part.mkdir(PRIVATE, exist_ok=True)
        except OSError as error:
            raise unusable(path, error) from error
        return folder

    def read_or_create_secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return the secret `name`; the first time ever, make it and store it durably.

        Raises: StartFailed, when it cannot be read or stored.
        """
        path = self.keys / name
        try:
            if not path.exists():
                _write_durably(path, make())
            return path.read_bytes()
        except OSError as error:
            raise unusable(path, error) from error

    def close(self) -> None:
        """Let another process have the folder."""
        os.close(self._lock_fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def unusable(path: Path, error: OSError) -> StartFailed:
    """Return the line for an operator whose disk said no."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StartFailed(f"The disk that holds {path} is full: free some space and start again.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return StartFailed(
            f"User {os.geteuid()} may not write to {path} ({error.strerror}): "
            "give that user the folder, or choose another data folder."
        )
    return StartFailed(f"{path} cannot be used ({error.strerror}): choose another data folder.")


def _hold(lock: Path, address: str) -> int:
    """Lock the file and write into it who we are. Raises: StartFailed, when it is held."""
    # Not inherited by any child: a surviving child must not keep the folder held.
    lock_fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock_fd, 0)
        os.pwrite(lock_fd, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)
    except BlockingIOError:
        holder = os.pread(lock_fd, _HOLDER_BYTES, 0)
        os.close(lock_fd)
        raise StartFailed(
            f"Hubbub already runs on {lock.parent} ({_describe(holder)}): "
            "stop that one first, or choose another data folder."
        ) from None
    except OSError:
        os.close(lock_fd)
        raise
    return lock_fd


def _describe(holder: bytes) -> str:
    """Return the holder's process and address in words."""
    try:
        written = json.loads(holder)
    except ValueError:
        # The holder has locked the file and not yet written into it.
        return "a process that is just starting"
    return f"process {written['pid']}, {written['address']}"


def _write_durably(path: Path, content: bytes) -> None:
    """Create `path` with mode 0600: after a power cut it is whole or absent."""
    # mkstemp creates with 0600 whatever the umask.
    fd, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(path)
    finally:
        Path(name).unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Force the names in a folder to the disk: a rename is durable only after this."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
