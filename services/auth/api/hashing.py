"""Password hashing beside the event loop.

argon2 is slow on purpose. It lets other threads run meanwhile, so a burst of log-ins keeps
`threads` cores busy and nobody else waiting.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from libs.common.errors import Unavailable
from libs.common.metrics import Metrics
from libs.common.slow_work import SlowWork
from services.auth.settings.general import AuthSettings

RETRY_AFTER_MS: Final = 2_500
"""A full queue at the default cost is empty again by then."""


T = TypeVar("T")


class HashingBusy(Unavailable):
    message = "Too many log-ins at once. Try again in a moment."


class SlowHash(Protocol):
    """A hash that takes its time; `argon2.PasswordHasher` is one."""

    def hash(self, password: str) -> str: ...

    def verify(self, hash: str, password: str) -> bool:  # noqa: A002 - argon2's own name
        """Return True.  Raises: VerificationError, InvalidHashError."""
        ...

    def check_needs_rehash(self, hash: str) -> bool: ...  # noqa: A002 - argon2's own name


def argon2id(settings: AuthSettings) -> SlowHash:
    """Return the hash that the settings ask for."""
    return PasswordHasher(
        memory_cost=settings.hash_memory_kib,
        time_cost=settings.hash_passes,
        parallelism=settings.hash_lanes,
        type=Type.ID,
    )


class PasswordHashing:
    """Hashes and verifies in its own threads; `max_waiting` counts those being hashed too."""

    def __init__(
        self,
        slow: SlowHash,
        metrics: Metrics,
        *,
        threads: int,
        max_waiting: int,
        timeout_s: float,
    ) -> None:
        self._slow = slow
        self._work = SlowWork(
            "auth-hashing", threads=threads, max_waiting=max_waiting, timeout_s=timeout_s
        )
        queue = metrics.gauge("hash_queue_count", "Passwords that are being hashed or wait for it.")
        queue.set_function(lambda: self._work.waiting)
        self._refused = metrics.counter(
            "hash_refusals", "Passwords that were not hashed because too many waited."
        )

    async def hash(self, password: str) -> str:
        """Return the hash to store.  Raises: HashingBusy."""
        return await self._run(lambda: self._slow.hash(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether `stored` is the hash of `password`.

        `stored=None`, an account that does not exist, takes as long as a wrong password.

        Raises: HashingBusy.
        """
        return await self._run(lambda: self._verify(password, stored))

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other parameters than a new one would be."""
        return self._slow.check_needs_rehash(stored)

    async def close(self) -> None:
        """Give up what waits, and let what is being hashed come to its end."""
        await self._work.close()

    def _verify(self, password: str, stored: str | None) -> bool:
        if stored is None:
            self._slow.hash(password)
            return False
        try:
            return self._slow.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await self._work.run(work)
        except asyncio.QueueFull:
            self._refused.inc()
            raise HashingBusy(retry_after_ms=RETRY_AFTER_MS) from None
        except TimeoutError:
            raise HashingBusy(retry_after_ms=RETRY_AFTER_MS) from None
