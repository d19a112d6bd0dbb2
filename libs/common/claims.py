"""Which of its kind an instance is, and which others there are.

Each instance of a service claims an ordinal. A claim is a lease too: an instance that was killed,
suspended or cut off stops being counted without anybody's doing. Nobody's right to do something
hangs on it: a claim only says who had better do what.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Standing:
    """The ordinal of this instance among those that live, in ascending order."""

    ordinal: int
    live: tuple[int, ...]


class Claim(Protocol):
    async def look(self) -> Standing:
        """Renew the claim, or make it, and return how things stand.

        Raises: Unavailable; the claim may be lost then, and the next look makes it again.
        """
        ...

    async def release(self) -> None:
        """Give the ordinal back. Whether that works does not matter."""
        ...


class Alone:
    """The claim of an instance that has no others beside it."""

    async def look(self) -> Standing:
        return Standing(0, (0,))

    async def release(self) -> None:
        return
