"""The Hubbub in which everybody is asked, and who is in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tests.support.program import Program
from tests.support.waiting import eventually
from tests.system.access.asking import asked
from tests.system.access.people import Asker, Cast, cast
from tests.system.access.places import admit, build, make_room
from tests.system.access.table import Row
from tests.system.people import Person
from tests.system.settings import SETTINGS

GENEROUS: Final = SETTINGS | {
    "ROOMS_GUEST_JOINS_BURST": "100000",
    "ROOMS_INVITE_LOOKS_BURST": "100000",
    "ROOMS_WRITES_BURST": "100000",
    "ROOMS_ROOMS_PER_OWNER": "5000",
    "MESSAGES_REPORTS_PER_HOUR": "100000",
    "MESSAGES_TRANSCRIPTS_PER_MINUTE": "100000",
    "MESSAGES_WRITES_BURST": "100000",
    "GATEWAY_FAILED_AUTHS_PER_MINUTE": "10000",
}
"""A few people do a thousand things within seconds."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everybody, in a Hubbub of their own. `foreign_guest` is let into a room of no other use."""

    cast: Cast
    foreign_guest: Asker

    async def table(self, kind: str) -> dict[str, Row]:
        """Return what everybody is answered in rooms of a kind."""
        return await asked(partial(build, kind, self.cast, foreign_guest=self.foreign_guest))


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """Start a Hubbub on an empty folder, with everybody in it."""
    async with Program(folder, settings=GENEROUS) as program, cast(program) as people:
        olga = await Person.register(program, "Olga", owner_token=program.owner_token)
        await _promote(olga, people)
        await olga.close()
        room = await make_room(people, "guest")
        yield Scene(people, await admit(people, room["slug"]))


async def _promote(owner: Person, people: Cast) -> None:
    """Make `system` an admin, and wait until rooms and messages know."""
    admin, private = people["system"], (await make_room(people, "private"))["id"]
    answer = await owner.call("PATCH", f"/v1/admin/users/{admin.id}", {"system_role": "admin"})
    answer.raise_for_status()

    async def statuses() -> list[int]:
        paths = (f"/v1/rooms/{private}", f"/v1/rooms/{private}/messages")
        return [(await admin.call("GET", path)).status_code for path in paths]

    await eventually(statuses, lambda seen: seen == [200, 200])
