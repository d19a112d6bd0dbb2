"""Passwords of guest rooms: argon2id, in threads of its own.

A room's password is short and shared, so it is guessed more easily than a person's. What is asked
of a hash is the same: who gets at the database does not get at the words that people reuse.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from libs.common.errors import Unavailable
from libs.common.slow_work import SlowWork
from services.rooms.settings import RoomsSettings

RETRY_AFTER_MS: Final = 1_000

T = TypeVar("T")


class DoorBusy(Unavailable):
    message = "Too many people at the doors at once. Try again in a moment."


class DoorPasswords:
    """Hashes and verifies; what does not fit into the queue is refused at once."""

    def __init__(self, settings: RoomsSettings) -> None:
        self._hasher = PasswordHasher(
            memory_cost=settings.guest_hash_memory_kib,
            time_cost=settings.guest_hash_passes,
            parallelism=1,
            type=Type.ID,
        )
        self._work = SlowWork(
            "rooms-hashing",
            threads=settings.guest_hash_threads,
            max_waiting=settings.guest_hash_queue,
            timeout_s=settings.guest_hash_timeout_s,
        )

    async def hash(self, password: str | None) -> str | None:
        """Return the hash to store; of no password none.  Raises: DoorBusy."""
        if password is None:
            return None
        return await self._run(lambda: self._hasher.hash(_composed(password)))

    async def is_right(self, password: str, stored: str) -> bool:
        """Tell whether `stored` is the hash of the password.  Raises: DoorBusy."""
        return await self._run(lambda: self._verify(password, stored))

    async def close(self) -> None:
        """Give up what waits, and let what is being hashed come to its end."""
        await self._work.close()

    def _verify(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, _composed(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await self._work.run(work)
        except (asyncio.QueueFull, TimeoutError):
            raise DoorBusy(retry_after_ms=RETRY_AFTER_MS) from None


def _composed(password: str) -> str:
    """Return a password as every keyboard would write it. See: UAX #15."""
    return unicodedata.normalize("NFKC", password)
