"""Opens and closes rooms when their time has come.

Every instance does so, and each room is turned by one of them: whoever holds it first. A restart
loses nothing, since what is due stands in the rooms themselves; and who joins or writes in the
moment before a room was turned is judged by its times.
"""

from functools import partial

import structlog

from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.sleeper import Sleeper
from services.rooms.core.schedule import CLOCK, at
from services.rooms.settings import RoomsSettings
from services.rooms.store.schedule import ScheduleStore

log = structlog.get_logger()


class Schedule:
    """Sleeps from one due moment to the next. It is woken when hours were set here, and looks now
    and then for those that other instances set.
    """

    def __init__(self, rooms: ScheduleStore, settings: RoomsSettings, *, clock: Clock) -> None:
        self._rooms = rooms
        self._settings = settings
        self._clock = clock
        self._sleeper = Sleeper(clock)
        self.wake = self._sleeper.wake

    async def run(self) -> None:
        """Turn rooms in their time, for ever; a worker does this."""
        while True:
            try:
                wait_s = await self.turn()
            except Unavailable:
                log.warning("schedule_postponed")
                wait_s = self._settings.schedule_every_s
            await self._sleeper.sleep(wait_s)

    async def turn(self) -> float:
        """Turn all rooms that are due; return the seconds until there is something to do again."""
        now, limit = self._clock.now(), self._settings.schedule_batch
        turned, count = partial(at, now=now), limit
        while count == limit:
            count = await self._rooms.turn(turned, actor=CLOCK, now=now, limit=limit)
            if count:
                log.info("rooms_turned", count=count)
        next_at = await self._rooms.next_at()
        longest_s = self._settings.schedule_every_s
        if next_at is None:
            return longest_s
        # What is due and still there is held by somebody: they are not waited for in a circle.
        return min(max(next_at - self._clock.now(), self._settings.schedule_again_s), longest_s)
