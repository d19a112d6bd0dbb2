"""Every service as a process of its own: started as users start it, and killed as no user would."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from services.nodes.rabbitmq.binaries import find_binaries
from services.nodes.rabbitmq.control import rabbitmqctl
from tests.support.fault_proxy import FaultProxy
from tests.support.program import ROOT, free_port

START_TIMEOUT_S: Final = 90.0
STOP_TIMEOUT_S: Final = 90.0
CONTROL_TIMEOUT_S: Final = 20.0
POLL_S: Final = 0.05
READY: Final = "Hubbub runs at"

NODES: Final = ("postgres", "rabbitmq")


class Fleet:
    """One fleet on a data folder, with a balancer before its gateways that can misbehave."""

    def __init__(self, folder: Path, *, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.output: list[str] = []
        self._settings = settings or {}
        self._ports = _neighbouring_ports(2)
        self.front = FaultProxy(self._ports)
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._printed = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.front.__aenter__()
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.front.__aexit__(kind, error, trace)
        await self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.front.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.front.port}/v1/ws"

    async def start(self) -> None:
        """Return once it says that all processes are ready."""
        self.output = []
        ours = {"SPLIT_PORT": str(self._ports[0]), "SPLIT_DATA_DIR": str(self.folder)}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services", "split"),
            cwd=ROOT,
            env=os.environ | ours | self._settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        self._reading.add_done_callback(lambda _: self._printed.set())
        try:
            await self.says(READY)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        assert self._process is not None
        assert self._reading is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGINT)
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await self._process.wait()
            await self._reading

    async def says(self, text: str) -> str:
        """Return the first line that holds `text`, printed already or yet to come."""
        async with asyncio.timeout(START_TIMEOUT_S):
            while True:
                for line in self.output:
                    if text in line:
                        return line
                if self._reading is None or self._reading.done():
                    raise AssertionError("\n".join([f"it never said {text!r}:", *self.output]))
                self._printed.clear()
                await self._printed.wait()

    def members(self) -> dict[str, dict[str, Any]]:
        """Return what the fleet has written of each process, by its name."""
        written = json.loads((self.folder / "fleet.json").read_text())
        return {member["name"]: member for member in written["members"]}

    def pid(self, name: str) -> int:
        """Return the process id of a process that runs."""
        pid: int | None = self.members()[name]["pid"]
        assert pid is not None, f"{name} does not run"
        return pid

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process, or to all processes of a node."""
        for pid in self._node(name) if name in NODES else [self.pid(name)]:
            os.kill(pid, number)

    async def kill(self, name: str) -> None:
        """End a process or a node as a crash does; the fleet starts it again by itself."""
        self.signal(name, signal.SIGKILL)

    async def rabbitmqctl(self, *arguments: str) -> str:
        """Return what the broker's own tool answers, asked as the broker's own user would."""
        variables = (Path("/proc") / str(self._node("rabbitmq")[0]) / "environ").read_bytes()
        pairs = (pair.decode().partition("=") for pair in variables.split(b"\0") if b"=" in pair)
        return await rabbitmqctl(
            find_binaries(None),
            *arguments,
            environment={name: value for name, _, value in pairs},
            timeout_s=CONTROL_TIMEOUT_S,
        )

    async def restarted(self, name: str, starts: int) -> None:
        """Wait until a process was started more than `starts` times."""
        async with asyncio.timeout(START_TIMEOUT_S):
            # Another process tells no event.
            while self.members()[name]["starts"] <= starts:  # noqa: ASYNC110
                await asyncio.sleep(POLL_S)

    def _node(self, name: str) -> list[int]:
        """Return the processes of a node on this folder."""
        if name == "postgres":
            pid_file = self.folder / "postgres" / "cluster" / "postmaster.pid"
            return [int(pid_file.read_text().partition("\n")[0])]
        return list(_beams(self.folder))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.output.append(line.decode(errors="replace").rstrip("\n"))
            self._printed.set()


def _beams(folder: Path) -> Iterable[int]:
    """Yield the process ids of the broker on a folder."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            surroundings = (entry / "environ").read_bytes()
        except OSError:
            continue
        if b"beam.smp" in command and str(folder).encode() in surroundings:
            yield int(entry.name)


def _neighbouring_ports(count: int) -> list[int]:
    """Return free ports of loopback that follow each other."""
    while True:
        first = free_port()
        found = [first, *(first + step for step in range(1, count))]
        if all(_is_free(port) for port in found):
            return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
