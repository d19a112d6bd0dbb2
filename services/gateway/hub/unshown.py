"""Rooms of which somebody was told that nobody knows who is there: presence is to tell them.

    told "not known" --> waits, so that presence hears of the newcomer first --> presence is asked
                          ^-- it does not answer                                  `--> it tells

Presence tells the room when it knows, by the bus like every change, so that the two cannot overtake
each other. Asked more than once it tells it once.
"""

import asyncio
from collections.abc import Iterable

from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId
from libs.common.errors import ChatError
from services.gateway.hub.asking import Asking
from services.gateway.hub.hub import Hub


class Unshown:
    """At most the rooms that this gateway serves; `retry_s` is the time between two questions."""

    def __init__(self, asking: Asking, hub: Hub, *, retry_s: float, clock: Clock) -> None:
        self._asking = asking
        self._hub = hub
        self._retry_s = retry_s
        self._clock = clock
        self.rooms: set[RoomId] = set()
        self._has_some = asyncio.Event()

    def add(self, rooms: Iterable[RoomId]) -> None:
        """Have these told who is there."""
        self.rooms.update(rooms)
        if self.rooms:
            self._has_some.set()

    async def run(self) -> None:
        """Ask presence for as long as there are such rooms, for ever."""
        while True:
            await self._has_some.wait()
            await self._clock.sleep(self._retry_s)
            rooms = self.rooms.intersection(self._hub.room_ids)
            try:
                await self._asking.show(sorted(rooms))
            except ChatError:
                continue
            # Those that came meanwhile were not asked for; those that nobody hears are forgotten.
            self.rooms = {one for one in self.rooms - rooms if self._hub.serves(one)}
            if not self.rooms:
                self._has_some.clear()
