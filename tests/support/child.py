"""A program that a test has started: what it says, and how it ends."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


class Child:
    """Keeps every line of one program after the other; there is none until `start`."""

    def __init__(self) -> None:
        self.output: list[str] = []
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._printed = asyncio.Event()

    async def start(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a program in the project's folder; `output` begins anew."""
        self.output = []
        self._process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        self._reading.add_done_callback(lambda _: self._printed.set())

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, unless there is nothing that runs."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    async def ended(self, *, within_s: float) -> int:
        """Return its exit status once it has ended and all was read; 0 if it never began."""
        if self._process is None or self._reading is None:
            return 0
        async with asyncio.timeout(within_s):
            status = await self._process.wait()
            await self._reading
        return status

    async def says(self, text: str, *, within_s: float) -> str:
        """Return the first line that holds `text`, printed already or yet to come."""
        async with asyncio.timeout(within_s):
            while True:
                for line in self.output:
                    if text in line:
                        return line
                if self._reading is None or self._reading.done():
                    raise AssertionError("\n".join([f"it never said {text!r}:", *self.output]))
                self._printed.clear()
                await self._printed.wait()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.output.append(line.decode(errors="replace").rstrip("\n"))
            self._printed.set()
