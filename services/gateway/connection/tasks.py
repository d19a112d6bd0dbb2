"""What runs for one client and ends with it: questions to other services, and waiting.

Whatever goes wrong in one is logged once and costs this client, no other.
"""

import asyncio
from collections.abc import Callable, Coroutine

import structlog

log = structlog.get_logger()


class Tasks:
    """`on_failed` is called when one ended by a fault of ours."""

    __slots__ = ("_on_failed", "_running")

    def __init__(self, on_failed: Callable[[], None]) -> None:
        self._on_failed = on_failed
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._on_done)

    def cancel(self) -> None:
        """End all of them, soon."""
        for task in self._running:
            task.cancel()

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("connection_task_failed", exc_info=fault)
            self._on_failed()
