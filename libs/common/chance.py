"""Randomness, passed in beside the clock, so that a test can say what it will be.

Everything that must not be guessed (tokens, connection ids, epochs) comes from the operating
system's generator. An id is never a secret: who knows one has gained nothing by it.
"""

import os
import secrets
from typing import Protocol
from uuid import UUID

from libs.common.clock import Clock

TOKEN_BYTES = 32
"""256 bits: out of reach for guessing even over the life of a database."""


class Chance(Protocol):
    """What the project may ask of randomness."""

    def new_id(self) -> UUID:
        """Return an id that was never given before."""
        ...

    def token(self) -> str:
        """Return a secret of 256 bits in URL-safe letters."""
        ...

    def uniform(self, low: float, high: float) -> float:
        """Return a number between `low` and `high`; spreads waits, protects nothing."""
        ...


class SystemChance:
    """The operating system's generator; ids are UUIDs of version 7."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = secrets.SystemRandom()

    def new_id(self) -> UUID:
        """Return a UUIDv7: ids made together lie together in an index.

        See: RFC 9562 section 5.7.
        """
        milliseconds = int(self._clock.now() * 1000)
        value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
        value = (value & ~(0xF << 76)) | (0x7 << 76)
        value = (value & ~(0x3 << 62)) | (0x2 << 62)
        return UUID(int=value)

    def token(self) -> str:
        return secrets.token_urlsafe(TOKEN_BYTES)

    def uniform(self, low: float, high: float) -> float:
        return self._numbers.uniform(low, high)
