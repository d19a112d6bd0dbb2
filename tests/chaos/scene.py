"""Who talks in a run, and how it ends: when everybody has heard everything."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx

from services.fleet.state import is_ready
from tests.chaos.checker import RoomRecord, Stored
from tests.chaos.talk import Talker, history, settle_in
from tests.chaos.unruly.order import settings_for
from tests.support.fleet import Fleet
from tests.support.waiting import eventually

MEMBERS: Final = 5
PER_PERSON_PER_S: Final = 2.0
"""What one person sends here on average: well below the limit of 5."""

MANY_NEWCOMERS: Final = {"AUTH_REGISTRATIONS_BURST": "100000"}
"""A setting that lets all of them register at once."""

READY_S: Final = 60.0
ASK_S: Final = 2.0

QUIET_S: Final = 60.0
"""How long members may take to hear everything once nobody speaks any more."""


def fleet_on(folder: Path) -> Fleet:
    """Return a fleet for many people, whose bus can be made unruly."""
    return Fleet(folder, settings=MANY_NEWCOMERS | settings_for(folder))


async def all_ready(fleet: Fleet) -> None:
    """Return when every process of the fleet is ready.  Raises: TimeoutError."""
    async with httpx.AsyncClient(trust_env=False, timeout=ASK_S) as http:

        async def are_ready() -> list[bool]:
            return [await is_ready(http, one["inside"]) for one in fleet.members().values()]

        await eventually(are_ready, all, within_s=READY_S)


@asynccontextmanager
async def people(
    url: str, socket_url: str, per_s: float, *, called: str = "person"
) -> AsyncIterator[list[Talker]]:
    """Let people come who listen until the end; then they go."""
    talkers = await gather_people(url, socket_url, per_s, called=called)
    async with asyncio.TaskGroup() as listening:
        for talker in talkers:
            listening.create_task(talker.listen())
        try:
            yield talkers
        finally:
            for talker in talkers:
                await talker.client.close()
                await talker.api.close()


async def gather_people(
    url: str, socket_url: str, per_s: float, *, called: str = "person"
) -> list[Talker]:
    """Return as many people, five to a room, as say that much; `called` begins their names."""
    rooms = max(1, round(per_s / PER_PERSON_PER_S / MEMBERS + 0.5))
    talkers: list[Talker] = []
    for room in range(rooms):
        names = [f"{called}-{room}-{member}" for member in range(MEMBERS)]
        talkers += await settle_in(url, socket_url, names, f"Room {room}")
    return talkers


async def say_last_words(talkers: Sequence[Talker]) -> None:
    """Let one person in each room say what nobody says anything after."""
    by_room = {talker.room_id: talker for talker in talkers}
    async with asyncio.TaskGroup() as said:
        for talker in by_room.values():
            said.create_task(talker.say_last())


async def when_all_is_heard(
    talkers: Sequence[Talker], *, quiet_s: float = QUIET_S
) -> dict[str, list[Stored]]:
    """Return the histories once every member has heard the last message, or after `quiet_s`."""
    give_up_at = time.monotonic() + quiet_s
    by_room = {talker.room_id: talker for talker in talkers}
    histories = {room: await history(one.api, room) for room, one in by_room.items()}
    for room, stored in histories.items():
        record = by_room[room].record
        # No event tells when the last client has caught up.
        while not _has_heard(record, stored) and time.monotonic() < give_up_at:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return histories


def _has_heard(record: RoomRecord, stored: Sequence[Stored]) -> bool:
    return all(seen[-1:] == list(stored[-1:]) for seen in record.seen.values())
