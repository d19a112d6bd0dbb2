"""What a killed run has left behind: processes of a node without their guard.

Only the holder of the data folder may ask, so whatever is found is not in use. A node is several
programs, so all are marked in their environment, which their own user may read.
"""

from pathlib import Path

from services.nodes.processes import PROC, gone, pids, send
from services.nodes.rabbitmq.files import VARIABLE, Files
from services.nodes.rabbitmq.options import LADDER


def processes(files: Files, *, proc: Path = PROC) -> set[int]:
    """Return the process ids of a node on these files; none where there is no /proc."""
    mark = f"{VARIABLE}={files.mark}".encode()
    return {pid for pid in pids(proc) if mark in _environment(pid, proc)}


async def end_left_over(files: Files) -> set[int]:
    """End every process of the node, in order if it can be; return who survived SIGKILL.

    Takes 1 s for an idle node, at most as long as its ladder.
    """
    for step, patience_s in LADDER:
        there = processes(files)
        if not there:
            break
        for pid in there:
            send(pid, step)
        await gone(lambda: processes(files), patience_s=patience_s)
    return processes(files)


def _environment(pid: int, proc: Path) -> list[bytes]:
    """Return the variables of a process; none when it is gone, a zombie, or another user's."""
    try:
        return (proc / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
