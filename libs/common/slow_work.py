"""Work that takes its time, beside the event loop: a few threads, a bounded queue, a short wait.

What does not fit into the queue is refused at once: who waits for seconds tries again and makes it
worse.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class SlowWork:
    """Does at most `threads` things at once; `max_waiting` counts those being done too."""

    def __init__(self, name: str, *, threads: int, max_waiting: int, timeout_s: float) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._max_waiting = max_waiting
        self._timeout_s = timeout_s
        self.waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Do this in a thread.  Raises: asyncio.QueueFull; TimeoutError, and it is done later."""
        if self.waiting >= self._max_waiting:
            raise asyncio.QueueFull
        self.waiting += 1
        loop = asyncio.get_running_loop()
        future = self._threads.submit(work)
        # The place in the queue is free when the work is done or dropped, not when the caller has
        # lost patience.
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave_queue))
        async with asyncio.timeout(self._timeout_s):
            return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Give up what waits, and let what is being done come to its end."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    def _leave_queue(self) -> None:
        self.waiting -= 1
