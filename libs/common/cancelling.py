"""Ends a task whose cancellation was lost.

`asyncio.wait_for` of Python 3.11 forgets a cancellation that comes in the turn in which what it
waits for is done or fails, and libraries connect by it (aiormq, asyncpg). The task goes on then as
if nobody had wanted its end, but still counts that somebody did.

See: https://github.com/python/cpython/issues/86296
"""

import asyncio


def end_if_cancelled() -> None:
    """End the task that runs if its end was wanted: for loops and long starts, between steps.

    Raises: CancelledError.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
