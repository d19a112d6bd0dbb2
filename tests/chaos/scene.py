"""Who talks in a run, and how it ends: when everybody has heard everything."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from tests.chaos.checker import RoomRecord, Stored
from tests.chaos.talk import Talker, history, settle_in

MEMBERS: Final = 5
PER_PERSON_PER_S: Final = 2.0
"""What one person sends here on average: so far below the limit of 5 that what has piled up in an
outage is soon sent.
"""

MANY_NEWCOMERS: Final = {"AUTH_REGISTRATIONS_BURST": "1000"}
"""A setting that lets all of them register at once."""

QUIET_S: Final = 60.0
"""How long members may take to hear everything once nobody speaks any more."""


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
