"""Large cases: one person with a thousand rooms, one room with ten thousand members.

    python -m tests.bench.big --rooms 1000 --messages 1000 --members 10000 --listeners 400

One embedded Hubbub. The person's rooms, with what was said in them, and most members of the large
room are written straight into its tables; those who listen register, join and connect as people
do. Then each question is asked again and again, one after the other, by a client of its own.

Milliseconds: the quickest, half of all, 99 of 100; CPU, which others on the machine change less;
and as many questions to the database that read nothing (`floors`) as it costs Postgres. What must
not grow is held to, and said in lines beside the table.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx

from hubbub_client.api import Api
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person, PersonKind
from services.presence.settings import PresenceSettings
from tests.bench.claims import Claims, tell
from tests.bench.crowd import Seat
from tests.bench.generator import Enter, Generator, Pace
from tests.bench.joins import joins
from tests.bench.measuring import LAST_WORDS_S, say
from tests.bench.people import PASSWORD, gather
from tests.bench.questions import HEAD, Cost, Often, client, cost_of, fact, get
from tests.bench.seeding import Database, connected, seed_members, seed_people, seed_rooms, settle
from tests.bench.shapes import EMBEDDED, PROGRAM, Running, started
from tests.bench.witness import come_and_go, witness

OFTEN: Final = Often(times=100, seconds=3.0, warm_up=10)
LEAST: Final = Often(times=20_000, seconds=0.0, warm_up=100)

READER_MAIL: Final = "reader@example.org"

PER_S: Final = 20.0
TALK_S: Final = 15.0
WARM_UP_S: Final = 2.0

VISITS_PER_S: Final = 4.0
STAY_S: Final = 5.0
WATCHED_S: Final = 20.0

SETTINGS: Final = {
    "ROOMS_MEMBERS_PER_ROOM": "20000",
    "ROOMS_JOINS_PER_MINUTE": "1000000",
    "PRESENCE_NAMED_PEOPLE": "250",
}
"""So that members are left to come, and may come at once; and so that of those who listen only
their number is told, as it is of a thousand. To hash a thousand passwords would take a minute.
"""

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Size:
    rooms: int
    messages: int
    members: int
    listeners: int

    @property
    def visitors(self) -> int:
        """How many of those who listen come and go, when presence is looked at."""
        return self.listeners // 10


async def run(folder: Path, size: Size, claims: Claims) -> AsyncGenerator[str, None]:
    """Measure, and yield the lines of the table as they are there."""
    async with started(EMBEDDED, folder, SETTINGS) as running, Generator() as generator:
        database = await connected(folder)
        say(f"{size.listeners} people register, and come into one room")
        seats = await gather(running.url, running.gateway_ports, rooms=1, members=size.listeners)
        began = time.perf_counter()
        await _fill(database, running, seats, size)
        say(f"Tables filled in {time.perf_counter() - began:.0f} s")
        for line in HEAD:
            yield line
        floor = await cost_of(partial(database.fetchval, "SELECT 1"), running.parts, LEAST)
        await database.close()
        yield floor.row("`SELECT 1`", floor=floor)
        async for line in _room_list(running, size, floor):
            yield line
        async for line in _members(running, seats[0], size, floor):
            yield line
        say("Newcomers register, and join two rooms")
        async for line in joins(running, seats[0], members=size.members, claims=claims):
            yield line
        async for line in _talk(generator, running, seats[: -size.visitors], size, claims):
            yield line
        async for line in _presence(running, seats, size, claims):
            yield line


async def _fill(database: Database, running: Running, seats: Sequence[Seat], size: Size) -> None:
    async with Api(running.url) as api:
        user = (await api.register(READER_MAIL, PASSWORD, "Reader")).user
    reader = Person(PersonKind.USER, PersonId(UUID(user["id"])), user["name"])
    await seed_people(database, max(size.rooms, size.members))
    await seed_rooms(database, reader, rooms=size.rooms, messages=size.messages)
    people = size.members - size.listeners
    await seed_members(database, UUID(seats[0].room_id), people=people)
    await settle(database)


async def _room_list(running: Running, size: Size, floor: Cost) -> AsyncGenerator[str, None]:
    """Ask for one's rooms."""
    say(f"A list of {size.rooms} rooms of {size.messages} messages")
    async with Api(running.url) as api:
        tokens = await api.log_in(READER_MAIL, PASSWORD)
    async with client(running, tokens.access) as asking:
        middle = await _cursor_after(asking, "/v1/me/rooms", pages=size.rooms // PAGE // 2)
        paths = {
            f"`GET /v1/me/rooms`, the first {PAGE} of {size.rooms:,}": "/v1/me/rooms",
            "the same, in the middle": f"/v1/me/rooms?cursor={middle}",
            "the same, by a piece of a name": "/v1/me/rooms?q=77",
            f"`GET /v1/me/unread`, all {size.rooms:,}": "/v1/me/unread",
        }
        for name, path in paths.items():
            cost = await cost_of(partial(get, asking, path), running.parts, OFTEN)
            yield cost.row(name, floor=floor)


async def _members(
    running: Running, seat: Seat, size: Size, floor: Cost
) -> AsyncGenerator[str, None]:
    """Ask who is in a large room."""
    say(f"Asking for {size.members} members")
    members = f"/v1/rooms/{seat.room_id}/members"
    async with client(running, seat.token) as asking:
        middle = await _cursor_after(asking, members, pages=size.members // PAGE // 2)
        paths = {
            f"`GET /v1/rooms/{{id}}/members`, the first {PAGE} of {size.members:,}": members,
            "the same, in the middle": f"{members}?cursor={middle}",
        }
        for name, path in paths.items():
            cost = await cost_of(partial(get, asking, path), running.parts, OFTEN)
            yield cost.row(name, floor=floor)


async def _talk(
    generator: Generator, running: Running, seats: Sequence[Seat], size: Size, claims: Claims
) -> AsyncGenerator[str, None]:
    """Let some hundred hear what is said to all."""
    others = len(seats) - 1
    say(f"{len(seats)} of {size.members} listen")
    await generator.do(Enter(seats, others))
    await generator.do(Pace(PER_S, WARM_UP_S))
    await generator.outcome(at_most_s=LAST_WORDS_S)
    before = running.parts.cpu_s()[PROGRAM]
    await generator.do(Pace(PER_S, TALK_S))
    outcome = await generator.outcome(at_most_s=LAST_WORDS_S)
    spent_s = running.parts.cpu_s()[PROGRAM] - before
    heard = outcome.sent * others - outcome.missed
    yield fact(f"messages to {others} of them, {PER_S:g} a second: heard", f"{heard:,}")
    latencies = f"{outcome.heard.p50 * 1e3:.1f}, {outcome.heard.p99 * 1e3:.1f}"
    yield fact("the same, ms from when it was due: half, 99 of 100", latencies)
    yield fact("the same, CPU of the program for each heard", f"{spent_s / heard * 1e6:.0f} us")
    claims.hold("messages that a listener missed", found=outcome.missed, at_most=0)
    claims.hold("messages that a listener heard twice", found=outcome.surplus, at_most=0)


async def _presence(
    running: Running, seats: Sequence[Seat], size: Size, claims: Claims
) -> AsyncGenerator[str, None]:
    """Look at what everybody hears of who is there, while some come and go."""
    say(f"{size.visitors} come and go")
    path = f"/v1/rooms/{seats[0].room_id}/presence"
    async with client(running, seats[0].token) as asking, witness(seats[0]) as heard:
        asked = await cost_of(partial(get, asking, path), running.parts, OFTEN)
        count = (await get(asking, path)).json()["count"]
        heard.frames.clear()
        heard.size_bytes.clear()
        watched = asyncio.create_task(asyncio.sleep(WATCHED_S))
        await come_and_go(seats[-size.visitors :], per_s=VISITS_PER_S, stay_s=STAY_S)
        await watched
    frames, size_bytes = heard.frames["presence"], heard.size_bytes["presence"]
    yield asked.row(f"`GET /v1/rooms/{{id}}/presence`, {count} there")
    what = f"presence heard by each in {WATCHED_S:g} s, {size.visitors} came and went"
    yield fact(what, f"{frames} frames, {size_bytes} bytes")
    if count > int(SETTINGS["PRESENCE_NAMED_PEOPLE"]):
        most = WATCHED_S / PresenceSettings().large_window_s + 1
        claims.hold("frames of presence in these seconds", found=frames, at_most=most)


async def _cursor_after(client: httpx.AsyncClient, path: str, *, pages: int) -> str:
    """Return the cursor behind so many pages."""
    page: dict[str, Any] = {"next_cursor": None}
    for _ in range(max(1, pages)):
        cursor = page["next_cursor"]
        page = (await get(client, path if cursor is None else f"{path}?cursor={cursor}")).json()
    return str(page["next_cursor"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rooms", type=int, default=1_000)
    parser.add_argument("--messages", type=int, default=1_000)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--listeners", type=int, default=400)
    size, claims = Size(**vars(parser.parse_args())), Claims()
    with tempfile.TemporaryDirectory(prefix="hubbub-big-") as folder:
        asyncio.run(_printed(Path(folder) / "data", size, claims))
    claims.end()


async def _printed(folder: Path, size: Size, claims: Claims) -> None:
    async with aclosing(run(folder, size, claims)) as lines:
        async for line in lines:
            tell(line)


if __name__ == "__main__":
    main()
