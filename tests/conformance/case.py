"""What the check of one clause is given: people, rooms, a way to be connected, and what is known
of the server.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

from hubbub_client.frames import Json
from tests.conformance.clause import Skipped
from tests.conformance.people import Person
from tests.conformance.server import Options, Server
from tests.conformance.ways import Device, Way


@dataclass(slots=True)
class Case:
    """One check over one way. People are lent to it alone; its rooms are removed after it."""

    server: Server
    way: Way
    people: tuple[Person, ...]
    rooms: list[tuple[Person, str]] = field(default_factory=list)

    @property
    def alice(self) -> Person:
        """Who owns the rooms."""
        return self.people[0]

    @property
    def bob(self) -> Person:
        """Who is a member of them."""
        return self.people[1]

    @property
    def charlie(self) -> Person:
        """Who is in none of them."""
        return self.people[2]

    @property
    def limits(self) -> Json:
        return self.server.limits

    @property
    def options(self) -> Options:
        return self.server.options

    @property
    def elsewhere(self) -> str:
        """Return where another gateway is.  Raises: Skipped."""
        if self.options.also is None:
            raise Skipped("needs another gateway of the same installation: --also URL")
        return self.options.also

    @property
    def anywhere(self) -> str:
        """Return where another gateway is, or where the first one is if there is no other."""
        return self.options.also or self.options.url

    def at_most(self, found: float, most: float, what: str) -> None:
        """Go on if something is small enough to be tried.  Raises: Skipped."""
        if found > most:
            raise Skipped(f"{what} is {found:g}; up to {most:g} can be tried")

    async def room(self, *members: Person, kind: str = "private") -> str:
        """Let Alice make a room and take people in."""
        room_id = await self.alice.make_room(kind)
        self.rooms.append((self.alice, room_id))
        await asyncio.gather(*(self.alice.take_in(room_id, member) for member in members))
        return room_id

    def device(
        self, person: Person, *, at: str | None = None
    ) -> AbstractAsyncContextManager[Device]:
        """Connect somebody."""
        return self.way.device(person, at=at)

    @asynccontextmanager
    async def listening(
        self, person: Person, room_id: str, *, at: str | None = None
    ) -> AsyncIterator[Device]:
        """Connect somebody who hears a room from now on."""
        async with self.way.device(person, at=at) as device:
            await device.listen(room_id)
            yield device

    async def tidy(self) -> None:
        """Remove the rooms again; one that cannot be removed stays."""
        for owner, room_id in self.rooms:
            with suppress(httpx.HTTPError):
                await owner.call("DELETE", f"/v1/rooms/{room_id}")
