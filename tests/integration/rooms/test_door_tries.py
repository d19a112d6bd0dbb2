"""Tries at a door in Postgres: who looks while others are counted is refused as after them."""

import asyncio
from uuid import UUID

from libs.common.contracts.ids import RoomId
from libs.common.errors import TooMany
from services.rooms.store.door_tries import DoorTries, Rests
from tests.integration.rooms.house import House
from tests.support.waiting import until_one_waits

ROOM = RoomId(UUID(int=1, version=4))
NETWORK = "203.0.113.7"
BEGIN_S = 1_000.0
RESTS = Rests(free=2, first_s=4, max_s=60, forget_s=600)

TWO_OTHERS = "UPDATE door_try SET count = count + 2, last_at = to_timestamp($1::float8)"


async def test_who_looked_before_others_were_counted_rests(house: House) -> None:
    tries, now = DoorTries(house.database, RESTS), BEGIN_S + 2
    await tries.count(ROOM, NETWORK, now=BEGIN_S)
    async with house.database.transaction() as others:
        await others.execute(TWO_OTHERS, now)
        ours = asyncio.create_task(is_counted(tries, now=now))
        await until_one_waits(house.database)

    assert not await ours


async def is_counted(tries: DoorTries, *, now: float) -> bool:
    try:
        await tries.count(ROOM, NETWORK, now=now)
    except TooMany:
        return False
    return True
