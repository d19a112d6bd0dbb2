"""A password hash that costs nothing and remembers what it was asked."""

import asyncio
import threading

from argon2.exceptions import VerifyMismatchError


class RecordingHash:
    """Hashes by writing the password down.

    `gate` holds its threads back until it is opened, `new_hashes` those that make a hash.
    """

    def __init__(self, *, version: int = 1) -> None:
        self.version = version
        self.asked: list[str] = []
        self.threads: set[str] = set()
        self.gate = threading.Event()
        self.gate.set()
        self.new_hashes = threading.Event()
        self.new_hashes.set()
        self.arrived = threading.Semaphore(0)

    def hash(self, password: str) -> str:
        self._note("hash")
        assert self.new_hashes.wait(timeout=30)
        return f"v{self.version}:{password}"

    def verify(self, hash: str, password: str) -> bool:  # noqa: A002 - argon2's own name
        self._note("verify")
        if hash.partition(":")[2] != password:
            raise VerifyMismatchError
        return True

    def check_needs_rehash(self, hash: str) -> bool:  # noqa: A002 - argon2's own name
        return not hash.startswith(f"v{self.version}:")

    async def waits_for_gate(self) -> None:
        """Return when a thread has come to the gate."""
        assert await asyncio.to_thread(self.arrived.acquire, timeout=30)

    def _note(self, what: str) -> None:
        self.arrived.release()
        assert self.gate.wait(timeout=30)
        self.asked.append(what)
        self.threads.add(threading.current_thread().name)
