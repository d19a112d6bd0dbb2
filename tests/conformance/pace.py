"""Keeps what one person sends below the limits that the server told."""

import asyncio
from typing import Final, Self

from hubbub_client.frames import Json

CAUTION: Final = 0.9
"""The server's clock and ours do not tick together, and frames arrive in clumps."""


class Pace:
    """A bucket of permissions that fills up by itself."""

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s = per_s * CAUTION
        self._burst = max(1.0, burst * CAUTION)
        self._left = self._burst
        self._at = 0.0
        self._turn = asyncio.Lock()

    @classmethod
    def of_sends(cls, limits: Json) -> Self:
        """Return what lets one person write messages, if nobody else does in that room.

        Several who do are told by the server when to go on.
        """
        return cls(
            min(limits["sends_per_s"], limits["room_sends_per_s"]),
            min(limits["sends_burst"], limits["room_sends_burst"]),
        )

    @classmethod
    def of_commands(cls, limits: Json) -> Self:
        """Return what lets one connection say something."""
        return cls(limits["commands_per_s"], limits["commands_burst"])

    async def turn(self) -> None:
        """Return when one more is allowed; who asked first goes first."""
        async with self._turn:
            while True:
                now = asyncio.get_running_loop().time()
                self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
                self._at = now
                if self._left >= 1:
                    self._left -= 1
                    return
                await asyncio.sleep((1 - self._left) / self._per_s)
