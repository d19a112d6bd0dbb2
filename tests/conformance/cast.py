"""The people of a run: made when they are needed, lent to one clause at a time.

An account costs the server a slow hash, and an address may make only so many. So there are as few
as possible, and how many there are bounds how many clauses run at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self

from tests.conformance.people import Person
from tests.conformance.server import Server, Unreachable

NAMES: Final = ("Alice", "Bob", "Charlie", "Dora", "Emil", "Frida")

MOST_MADE: Final = 24
"""A quarter of the accounts that one address may make at once, by default."""


class Cast:
    """Lends people out."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._free: list[Person] = []
        self._count = 0
        self._is_made = not server.options.accounts
        self._returned = asyncio.Condition()

    @property
    def size(self) -> int:
        """Return how many people there are at most."""
        return MOST_MADE if self._is_made else len(self.server.options.accounts)

    @asynccontextmanager
    async def people(self, count: int) -> AsyncIterator[tuple[Person, ...]]:
        """Lend as many people; wait until so many are free.  Raises: Unreachable."""
        lent = await self._take(count)
        try:
            await asyncio.gather(*(person.be_fresh() for person in lent))
            yield lent
        finally:
            async with self._returned:
                self._free += lent
                self._returned.notify_all()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for person in self._free:
            await person.http.aclose()

    async def _take(self, count: int) -> tuple[Person, ...]:
        async with self._returned:
            await self._returned.wait_for(
                lambda: len(self._free) + self.size - self._count >= count
            )
            lent = [self._free.pop(0) for _ in range(min(count, len(self._free)))]
            begun = range(self._count, self._count + count - len(lent))
            self._count = begun.stop
        try:
            newcomers = await asyncio.gather(*(self._enter(number) for number in begun))
        except BaseException:
            async with self._returned:
                self._free += lent
                self._count -= len(begun)
                self._returned.notify_all()
            raise
        return (*lent, *newcomers)

    async def _enter(self, number: int) -> Person:
        if self._is_made:
            return await Person.register(self.server, NAMES[number % len(NAMES)])
        email, password = self.server.options.accounts[number]
        try:
            return await Person.log_in(self.server, email, password)
        except Unreachable as error:
            raise Unreachable(f"{email}: {error}") from error
