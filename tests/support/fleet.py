"""Every service as a process of its own: started as users start it, and killed as no user would."""

import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from services.fleet import state
from services.nodes.rabbitmq.binaries import find_binaries
from services.nodes.rabbitmq.control import rabbitmqctl
from tests.support.child import Child
from tests.support.fault_proxy import FaultProxy
from tests.support.processes import brokers, environment, postmaster
from tests.support.shapes import owner_token_in
from tests.support.waiting import until

START_TIMEOUT_S: Final = 90.0
STOP_TIMEOUT_S: Final = 90.0
CONTROL_TIMEOUT_S: Final = 20.0
READY: Final = "Ctrl-C stops"
"""The last words of a start."""

NODES: Final = ("postgres", "rabbitmq")


class Fleet:
    """One fleet on a data folder, with a balancer before its gateways that can misbehave."""

    def __init__(self, folder: Path, *, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.front = FaultProxy()
        self._settings = settings or {}
        self._child = Child()
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            await opening.enter_async_context(self.front)
            await self.start()
            self._opened = opening.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()
        await self.stop()

    @property
    def port(self) -> int:
        """The port of the balancer: each connection gets one of the gateways."""
        return self.front.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/ws"

    @property
    def inside(self) -> str:
        return str(self.members()["gateway-1"]["inside"])

    @property
    def output(self) -> list[str]:
        return self._child.output

    @property
    def owner_token(self) -> str:
        return owner_token_in(self.output)

    @property
    def is_running(self) -> bool:
        return self._child.is_running

    async def start(self) -> None:
        """Return once it says that all processes are ready; one that does not is stopped."""
        ours = {"SPLIT_PORT": "0", "SPLIT_DATA_DIR": str(self.folder)}
        command = [sys.executable, "-m", "services", "split"]
        await self._child.start(command, os.environ | ours | self._settings)
        try:
            await self.says(READY)
        except BaseException:
            await self.stop()
            raise
        gateways = [one for one in self.members().values() if one["service"] == "gateway"]
        self.front.targets = [urlsplit(one["api"]).port or 0 for one in gateways]

    async def stop(self) -> int:
        """Stop it as Ctrl-C does and return its exit status."""
        self._child.send(signal.SIGINT)
        return await self._child.ended(within_s=STOP_TIMEOUT_S)

    async def says(self, text: str) -> str:
        """Return the first line that holds `text`, printed already or yet to come."""
        return await self._child.says(text, within_s=START_TIMEOUT_S)

    def members(self) -> dict[str, dict[str, Any]]:
        """Return what the fleet has written of each process, by its name."""
        return {member["name"]: member for member in state.read(self.folder)["members"]}

    def pid(self, name: str) -> int:
        """Return the process id of a process that runs."""
        pid: int | None = self.members()[name]["pid"]
        assert pid is not None, f"{name} does not run"
        return pid

    def pids(self, name: str) -> list[int]:
        """Return the process ids of a process, or of a node, that runs."""
        match name:
            case "postgres":
                return [postmaster(self.folder)]
            case "rabbitmq":
                return sorted(brokers(self.folder))
            case _:
                return [self.pid(name)]

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process or a node."""
        for pid in self.pids(name):
            os.kill(pid, number)

    async def kill(self, name: str) -> None:
        """End a process or a node as a crash does; the fleet starts it again by itself."""
        self.signal(name, signal.SIGKILL)

    async def rabbitmqctl(self, *arguments: str) -> str:
        """Return what the broker's own tool answers, asked as the broker's own user would."""
        return await rabbitmqctl(
            find_binaries(None),
            *arguments,
            environment=environment(min(brokers(self.folder))),
            timeout_s=CONTROL_TIMEOUT_S,
        )

    async def restarted(self, name: str, starts: int) -> None:
        """Wait until a process was started more than `starts` times."""
        await until(lambda: self.members()[name]["starts"] > starts, within_s=START_TIMEOUT_S)
