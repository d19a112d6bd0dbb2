"""The program itself, started as its users start it, and killed as no user would."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

ROOT: Final = Path(__file__).parents[2]

START_TIMEOUT_S: Final = 60.0
STOP_TIMEOUT_S: Final = 40.0
POLL_S: Final = 0.02

OWNER_LINK: Final = re.compile(r"\S+/setup#token=(\S+)")


def free_port() -> int:
    """Return a port of the loopback that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """One embedded Hubbub on a data folder; it may be started again after it ended."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: dict[str, str] | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        """`prefix` are words before its command line, which give it surroundings of its own."""
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.socket_url = f"ws://127.0.0.1:{self.port}/v1/ws"
        self.output: list[str] = []
        self.settings = settings or {}
        self._prefix = prefix
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._printed = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Return once it says that it is ready; one that does not is killed."""
        await self.launch()
        try:
            await self.ready()
        except BaseException:
            await self.kill()
            raise

    async def launch(self) -> None:
        """Begin to start and return at once; `output` begins anew."""
        self.output = []
        self._process = await asyncio.create_subprocess_exec(
            *self._prefix,
            *(sys.executable, "-m", "services", "run"),
            cwd=ROOT,
            env=os.environ
            | {"PORT": str(self.port), "INTERNAL_PORT": "0", "DATA_DIR": str(self.folder)}
            | self.settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        self._reading.add_done_callback(lambda _: self._printed.set())

    async def ready(self) -> None:
        async with asyncio.timeout(START_TIMEOUT_S), httpx.AsyncClient(trust_env=False) as http:
            while True:
                try:
                    if (await http.get(f"{self.url}/readyz")).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                if self._process is None or self._process.returncode is not None:
                    raise AssertionError("\n".join(["it ended:", *self.output]))
                await asyncio.sleep(POLL_S)

    async def stop(self) -> int:
        """Stop it as Ctrl-C does and return its exit status."""
        if self._process is None:
            return 0
        self.send(signal.SIGINT)
        return await self.ended()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)

    async def kill(self) -> None:
        """End it as a crash does: it gets no chance to say anything."""
        self.send(signal.SIGKILL)
        await self.ended()

    async def ended(self) -> int:
        """Wait until it has ended, and return its exit status."""
        assert self._process is not None
        assert self._reading is not None
        async with asyncio.timeout(STOP_TIMEOUT_S):
            status = await self._process.wait()
            await self._reading
        return status

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

    @property
    def owner_token(self) -> str:
        """Return the secret of the link that makes the first owner."""
        for line in self.output:
            if found := OWNER_LINK.search(line):
                return found[1]
        raise AssertionError("\n".join(["no link was printed:", *self.output]))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.output.append(line.decode(errors="replace").rstrip("\n"))
            self._printed.set()
