"""A service as a process of its own, started as an operator starts it: `python -m services run`."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

from tests.support.child import Child
from tests.support.ports import free_port
from tests.support.waiting import eventually

PATIENCE_S: Final = 30.0


class Alone:
    """One process of one service, or of another command that needs the same surroundings.

    `keys` is a folder of service keys. `output` holds what it says and what it logs.
    """

    def __init__(self, *command: str, keys: Path, settings: Mapping[str, str]) -> None:
        self._child = Child()
        self._command = command
        inside = free_port()
        self._inside = f"http://127.0.0.1:{inside}"
        prefix = command[-1].upper()
        self._environment = {
            **os.environ,
            "PUBLIC_URL": "http://localhost:8000",
            "SERVICE_KEYS_DIR": str(keys),
            "AUTH_SECRET": "only-for-a-test-and-longer-than-that",
            f"{prefix}_PORT": str(free_port()),
            f"{prefix}_INTERNAL_PORT": str(inside),
            **settings,
        }

    async def __aenter__(self) -> Self:
        command = (sys.executable, "-m", "services", *self._command)
        await self._child.start(command, self._environment)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.send(signal.SIGKILL)
        await self.ended()

    @property
    def output(self) -> Sequence[str]:
        return self._child.output

    async def ended(self) -> int:
        """Wait until it has ended, and return its exit status."""
        return await self._child.ended(within_s=PATIENCE_S)

    async def says(self, text: str) -> str:
        """Return the first line that holds `text`, printed already or yet to come."""
        return await self._child.says(text, within_s=PATIENCE_S)

    async def failing(self) -> set[str] | None:
        """Return which checks of its readiness fail; None: it does not answer."""
        try:
            async with httpx.AsyncClient(trust_env=False) as http:
                answer = await http.get(f"{self._inside}/readyz")
        except httpx.HTTPError:
            return None
        return set(answer.json().get("fields") or {})

    async def works(self, *names: str) -> None:
        """Wait until it answers and none of these checks fails."""
        await self.says("port_opened")
        await eventually(
            self.failing, lambda failing: failing is not None and not failing & set(names)
        )
