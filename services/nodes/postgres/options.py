"""How our own Postgres is set up: for one small machine, one program, and no network.

Given on the command line, so that a new Hubbub brings new settings to an old database, and so that
what an operator writes into `postgresql.conf` counts for everything not named here.
"""

import signal
from collections.abc import Mapping
from pathlib import Path

SUPERUSER = "postgres"
"""The role that owns everything; Hubbub's services get roles of their own."""

PORT = 5432
"""Not a port of the machine: it only names the socket file."""

LADDER = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
"""What ends a Postgres, and the seconds each step may take.

SIGINT ends connections and writes a checkpoint, so that the next start has nothing to repair: 15 ms
when idle, seconds with a slow disk. SIGQUIT leaves the repair to the next start.
"""

_BUILTIN_LOCALE_MAJOR = 17

_SETTINGS: Mapping[str, str] = {
    # The only door is a socket in a folder that nobody else may enter. That is why `trust` is good
    # enough: whoever can reach the socket can already read the database's files.
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    # Five services with a pool each, a person with psql, and room.
    "max_connections": "100",
    "shared_buffers": "128MB",
    # Half of the default: less disk, and less to repair after a kill.
    "max_wal_size": "512MB",
    # An answered commit is with the operating system: `kill -9` of everything loses nothing.
    "synchronous_commit": "on",
    # Every statement is short. Planning for more processes or compiling costs more than it gains,
    # and parallel workers need a /dev/shm larger than the 64 MB a container has.
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    # The guard keeps the log and its size. An error is the caller's to report: in Postgres' words
    # it would carry the texts of messages and the addresses of people.
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_line_prefix": "%m [%p] ",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
}

# And it is on the disk: a power cut loses nothing either.
_DURABLE: Mapping[str, str] = {"fsync": "on", "full_page_writes": "on"}
_FORGETFUL: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}


def initdb_arguments(major: int, *, is_durable: bool) -> list[str]:
    """Return what `initdb` must be told.

    Text is UTF-8, sorted by code point, with upper and lower case of every script: the same on
    every machine, so an index never goes stale with an upgrade of the C library.
    """
    arguments = [
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--auth-local=trust",
        "--auth-host=reject",
        "--data-checksums",
        "--no-instructions",
    ]
    if major >= _BUILTIN_LOCALE_MAJOR:
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not is_durable:
        arguments.append("--no-sync")
    return arguments


def postgres_arguments(
    cluster: Path, *, socket_folder: Path, name: str, is_durable: bool
) -> list[str]:
    """Return what `postgres` must be told; `name` marks its processes."""
    settings = {
        **_SETTINGS,
        **(_DURABLE if is_durable else _FORGETFUL),
        "cluster_name": name,
        "unix_socket_directories": str(socket_folder),
    }
    pairs = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    return ["-D", str(cluster), *pairs]
