"""The folder of the Unix socket: private, and short enough for the address of a socket."""

import shutil
import tempfile
from pathlib import Path

from services.nodes.folder import PRIVATE, DataFolder
from services.nodes.postgres.identity import Identity
from services.nodes.postgres.options import PORT

_ADDRESS_BYTES = 103
"""What every system allows: Linux 107 bytes, macOS 103.  See: unix(7)."""

_SEPARATORS = set(',"')
"""Postgres and asyncpg both take a comma for the start of another address."""


def make_socket_folder(folder: DataFolder, identity: Identity) -> Path:
    """Return an empty folder, 0700, that `identity` owns: in the data folder if its path allows it.

    Elsewhere it is a new temporary folder. After `kill -9` an empty one of those stays behind; the
    next start makes another.
    """
    wanted = folder.postgres / "run"
    if is_fit(wanted):
        # Lock files of a killed run lie here; they would stop a start once their pid is reused.
        shutil.rmtree(wanted, ignore_errors=True)
        wanted.mkdir(PRIVATE)
    else:
        wanted = Path(tempfile.mkdtemp(prefix="hubbub-"))
    identity.own(wanted)
    return wanted


def is_fit(path: Path) -> bool:
    """Return whether a socket in this folder can be named to Postgres and to asyncpg."""
    address = f"{path}/.s.PGSQL.{PORT}"
    return len(address.encode()) <= _ADDRESS_BYTES and not _SEPARATORS & set(address)
