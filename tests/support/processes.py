"""What runs on this machine because of a program, as /proc tells."""

import os
import signal
from pathlib import Path

from services.nodes.processes import PROC, pids
from services.nodes.rabbitmq import left_over
from services.nodes.rabbitmq.files import Files


def descendants(pid: int) -> set[int]:
    """Return the process ids of everything that a process has started, itself excluded."""
    children: dict[int, list[int]] = {}
    for one in pids(PROC):
        children.setdefault(_parent(one), []).append(one)
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        begun = children.get(waiting.pop(), [])
        found.update(begun)
        waiting += begun
    return found


def mentioning(folder: Path) -> dict[int, str]:
    """Return the command lines that name a folder, by process id."""
    lines = {pid: _command_line(pid) for pid in pids(PROC)}
    return {pid: line for pid, line in lines.items() if str(folder) in line}


def running(those: set[int]) -> set[int]:
    """Return those that still run; a zombie runs no more."""
    return {pid for pid in those if _command_line(pid)}


def postmaster(folder: Path) -> int:
    """Return the process id of the Postgres on a data folder."""
    pid_file = folder / "postgres" / "cluster" / "postmaster.pid"
    return int(pid_file.read_text().partition("\n")[0])


def brokers(folder: Path) -> set[int]:
    """Return the process ids of the RabbitMQ on a data folder, its guard and its tools excluded."""
    found = left_over.processes(Files(folder / "rabbitmq"))
    return {pid for pid in found if "beam.smp" in _command_line(pid)}


def environment(pid: int) -> dict[str, str]:
    """Return the variables with which a process was started."""
    pairs = (variable.partition("=") for variable in _read(pid, "environ").split("\0"))
    return {name: value for name, separator, value in pairs if separator}


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _parent(pid: int) -> int:
    # The second word is the command in brackets and may hold anything.
    words = _read(pid, "stat").rpartition(")")[2].split()
    return int(words[1]) if words else 0


def _command_line(pid: int) -> str:
    return _read(pid, "cmdline").replace("\0", " ")


def _read(pid: int, name: str) -> str:
    try:
        return (PROC / str(pid) / name).read_bytes().decode(errors="replace")
    except OSError:
        return ""
