"""The program itself, started as its users start it, and killed as no user would."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import httpx

from tests.support.child import Child
from tests.support.ports import free_port
from tests.support.shapes import owner_token_in

START_TIMEOUT_S: Final = 60.0
STOP_TIMEOUT_S: Final = 40.0
POLL_S: Final = 0.02
READY: Final = "Ctrl-C stops"
"""The last words of a start."""


class Program:
    """One embedded Hubbub on a data folder; it may be started again after it ended."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: dict[str, str] | None = None,
        prefix: Sequence[str] = (),
        command: Sequence[str] = ("services", "run"),
    ) -> None:
        """`prefix` are words before its command line, which give it surroundings of its own;
        `command` is the module that is run, with its words.
        """
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.socket_url = f"ws://127.0.0.1:{self.port}/v1/ws"
        self.settings = settings or {}
        self._inside = free_port()
        self._prefix = prefix
        self._command = command
        self._child = Child()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def inside(self) -> str:
        return f"http://127.0.0.1:{self._inside}"

    @property
    def output(self) -> list[str]:
        return self._child.output

    @property
    def owner_token(self) -> str:
        return owner_token_in(self.output)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child.is_running

    async def start(self) -> None:
        """Return once it is ready; one that does not become so is killed."""
        await self.launch()
        try:
            await self.ready()
        except BaseException:
            await self.kill()
            raise

    async def launch(self) -> None:
        """Begin to start and return at once; `output` begins anew."""
        ours = {
            "PORT": str(self.port),
            "INTERNAL_PORT": str(self._inside),
            "DATA_DIR": str(self.folder),
        }
        await self._child.start(
            [*self._prefix, sys.executable, "-m", *self._command],
            os.environ | ours | self.settings,
        )

    async def ready(self) -> None:
        """Return once it has said where it runs, and answers that it is ready."""
        await self.says(READY)
        async with asyncio.timeout(START_TIMEOUT_S), httpx.AsyncClient(trust_env=False) as http:
            # Another process tells no event.
            while not (await http.get(f"{self.url}/readyz")).is_success:  # noqa: ASYNC110
                await asyncio.sleep(POLL_S)

    async def stop(self) -> int:
        """Stop it as Ctrl-C does and return its exit status."""
        self.send(signal.SIGINT)
        return await self.ended()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        self._child.send(number)

    async def kill(self) -> None:
        """End it as a crash does: it gets no chance to say anything."""
        self.send(signal.SIGKILL)
        await self.ended()

    async def ended(self) -> int:
        """Wait until it has ended, and return its exit status."""
        return await self._child.ended(within_s=STOP_TIMEOUT_S)

    async def says(self, text: str) -> str:
        """Return the first line that holds `text`, printed already or yet to come."""
        return await self._child.says(text, within_s=START_TIMEOUT_S)
