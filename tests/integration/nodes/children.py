"""Starting, watching and killing the programs of these tests, by process id only."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

from services.nodes.folder import DataFolder
from services.nodes.postgres.server import PostgresServer

Start = Callable[[DataFolder], Awaitable[PostgresServer]]

_ROOT = Path(__file__).parents[3]
_LISTENS = "0A"
"""The state of a listening socket.  See: proc_net_tcp."""


class Child:
    """A running program that has a node."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    async def says(self, start: str, *, within_s: float = 20) -> str:
        """Return the rest of the first line that begins with `start`."""
        assert self._process.stdout is not None
        async with asyncio.timeout(within_s):
            while line := await self._process.stdout.readline():
                if line.startswith(start.encode()):
                    return line.decode().removeprefix(start).strip()
        raise AssertionError(f"the child ended without saying {start!r}")

    async def killed(self) -> None:
        """Kill it as `kill -9` does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        # Also takes what it still says, and closes its pipes.
        await self._process.communicate()

    async def ended(self) -> int:
        await self._process.communicate()
        return await self._process.wait()


@asynccontextmanager
async def child(
    folder: Path, *, prefix: Sequence[str] = (), node: str = "postgres"
) -> AsyncIterator[Child]:
    """Run a `postgres_child` or another on the folder; kill it at the end."""
    process = await asyncio.create_subprocess_exec(
        *prefix,
        *(sys.executable, "-m", f"tests.integration.nodes.{node}_child", str(folder)),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    running = Child(process)
    try:
        yield running
    finally:
        await running.killed()


def guard_of(pid: int) -> int:
    """Return the process id of a process's parent."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("PPid:")[2].split()[0])


def user_of(pid: int) -> int:
    """Return the user id that a process has for the rest of the machine."""
    return Path(f"/proc/{pid}").stat().st_uid


def kill(*pids: int) -> None:
    for pid in pids:
        # Postgres ends idle workers by itself.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def listening(pids: set[int]) -> set[str]:
    """Return the addresses of this machine at which these processes take connections."""
    theirs = {
        name
        for pid in pids
        for link in Path(f"/proc/{pid}/fd").iterdir()
        if (name := _target(link)).startswith("socket:")
    }
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == _LISTENS and f"socket:[{rest[5]}]" in theirs:
                found.add(_address(local.partition(":")[0]))
    return found


def _target(link: Path) -> str:
    try:
        return link.readlink().name
    except OSError:
        # Closed since it was listed.
        return ""


def _address(written: str) -> str:
    """Return an address of /proc/net, which is written in words of four bytes, last byte first."""
    words = [bytes.fromhex(written[at : at + 8])[::-1] for at in range(0, len(written), 8)]
    return str(ip_address(b"".join(words)))


def can_run(*command: str) -> bool:
    """Return whether a command that changes nothing succeeds here."""
    return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0
