"""What a killed run has left behind: processes without a guard, and files that name them.

Only the holder of the data folder may ask, so whatever Postgres is found on that folder is not in
use. Each process of it carries a mark in its command line, which every user may read. The more
obvious sign, /proc/<pid>/cwd, is closed to a root that a container has stripped of its rights.
"""

import hashlib
import os
import signal
from pathlib import Path

from services.nodes.postgres.options import LADDER
from services.nodes.processes import PROC, gone, pids, send


def mark(cluster: Path) -> str:
    """Return the `cluster_name` of this database, which each of its processes shows."""
    return f"hubbub-{hashlib.sha256(os.fsencode(cluster.resolve())).hexdigest()[:12]}"


def processes(cluster: Path, *, proc: Path = PROC) -> set[int]:
    """Return the process ids of a Postgres on this database; none where there is no /proc."""
    name = mark(cluster)
    return {pid for pid in pids(proc) if _is_marked(_command_line(pid, proc), name)}


async def end_left_over(cluster: Path) -> set[int]:
    """End every Postgres on this database, in order if it can be; return who survived SIGKILL.

    Takes 40 ms for an idle Postgres, at most 20 s.
    """
    for step, patience_s in LADDER:
        there = processes(cluster)
        if not there:
            break
        # To the others SIGINT means other things; the postmaster tells them what to do.
        told = there & {_postmaster(cluster)} if step is signal.SIGINT else there
        for pid in told:
            send(pid, step)
        if told:
            await gone(lambda: processes(cluster), patience_s=patience_s)
    return processes(cluster)


def drop_misleading_pid_file(cluster: Path, *, proc: Path = PROC) -> None:
    """Remove a `postmaster.pid` whose process exists and is no Postgres; end what is left first.

    Postgres only asks whether the process exists, takes it for its predecessor, and refuses to
    start. In a container that happens for ever: process ids are the same after every restart, and a
    killed Postgres stays as a zombie when the first process reaps nobody. A file whose process does
    not exist is left to Postgres, which knows best.
    """
    pid = _postmaster(cluster)
    exists = (proc / str(pid)).exists()
    if exists and _program(_command_line(pid, proc)) != b"postgres":
        (cluster / "postmaster.pid").unlink()


def _postmaster(cluster: Path) -> int:
    """Return the process id in `postmaster.pid`; 0, which no process has, when there is none."""
    try:
        return int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return 0


def _command_line(pid: int, proc: Path) -> bytes:
    """Return the words of a process with NUL after each; empty when it is gone or a zombie."""
    try:
        return (proc / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


def _program(command: bytes) -> bytes:
    """Return the program's name without its folder.

    `/usr/lib/.../postgres NUL -D ...` is a postmaster, `postgres: <mark>: checkpointer` a child.
    """
    return command.split(b"\0", 1)[0].split(b": ", 1)[0].rsplit(b"/", 1)[-1]


def _is_marked(command: bytes, name: str) -> bool:
    if _program(command) != b"postgres":
        return False
    words = command.split(b"\0")
    return f"cluster_name={name}".encode() in words or words[0].startswith(
        f"postgres: {name}: ".encode()
    )
