"""Moments in the life of a house, and waiting until its rooms follow them."""

import asyncio
from typing import Any, Final

from libs.common.times import rfc3339
from tests.integration.rooms.house import PATIENCE_S, House
from tests.support.clock import TEN_O_CLOCK

HOUR_S: Final = 3_600

STATE: Final = "SELECT state FROM room WHERE id = $1"


def at(after_s: float) -> str:
    """Return the moment so long after the house was built."""
    return rfc3339(TEN_O_CLOCK + after_s)


async def until_is(house: House, room: dict[str, Any], state: str) -> None:
    """Let time pass until this state of a room is written down."""
    async with asyncio.timeout(PATIENCE_S):
        while await house.database.fetchval(STATE, room["id"]) != state:
            await house.clock.advance(0.2)
