"""One life of a process, lived inside a test: what it did, and how it ended."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from libs.common.clock import SystemClock
from libs.common.http.health import Readiness
from libs.common.runner import RunSettings, run
from libs.common.service import Address, Service
from tests.unit.common.speaking import Lines


async def for_ever() -> None:
    await asyncio.Event().wait()


def terminate(_: Sequence[Address] = ()) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


class Diary:
    """Remembers the order of things."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def writes(self, entry: str) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            self.entries.append(entry)

        return write

    async def works(self) -> None:
        self.entries.append("relay works")
        terminate()
        try:
            await for_ever()
        finally:
            self.entries.append("relay stops")


def service(name: str = "rooms", **parts: Any) -> Service:
    return Service(name, Readiness({}, timeout_s=1), **parts)


async def live(
    *services: Service, announce: Callable[[Sequence[Address]], None] = terminate, **more: float
) -> int:
    settings = RunSettings.model_validate({"stop_timeout_s": 0.1, "drain_timeout_s": 0.1, **more})
    async with asyncio.timeout(10):
        return await run(services, settings, clock=SystemClock(), announce=announce)


def failures(lines: Lines) -> list[tuple[str, str]]:
    return [
        (line["event"], line.get("service", "-"))
        for line in lines.read()
        if line["level"] == "error"
    ]
