"""Watches over the leases: has a new roster filled, then lets end what nobody renews.

    start --> gateways are asked for all leases --> whole: rooms are shown who is there
                ^-- again, since one may be lost      `--> leases that ran out end, for ever

While nobody can be heard (the bus is away, or this process stood still, or the machine slept) no
lease runs out: who could not renew is not gone for that.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from libs.common.bus.interface import Bus, Outgoing
from libs.common.bus.topology import EVENTS, ROSTER_KEY
from libs.common.clock import Clock
from libs.common.contracts.events import ROSTER_BATCH, RosterStarted, encode_batch
from libs.common.errors import Unavailable
from services.presence.consumers.telling import Telling
from services.presence.core.learning import Learning
from services.presence.core.roster import Roster
from services.presence.model import Change
from services.presence.settings import PresenceSettings

log = structlog.get_logger()

LOOK_S: Final = 0.1
"""How often it is looked whether the roster is whole."""

STALL_S: Final = 5.0
"""Who looks so much later than it meant to has stood still, and reports still wait to be read."""


class Leases:
    """`tell` is given the changes of leases that ended; `backlog` says how many commands wait."""

    def __init__(
        self,
        bus: Bus,
        roster: Roster,
        learning: Learning,
        *,
        tell: Callable[[Sequence[Change]], Awaitable[None]],
        backlog: Callable[[], int],
        telling: Telling,
        settings: PresenceSettings,
        clock: Clock,
    ) -> None:
        self._bus = bus
        self._roster = roster
        self._learning = learning
        self._tell = tell
        self._backlog = backlog
        self._telling = telling
        self._settings = settings
        self._clock = clock

    async def run(self) -> None:
        """Fill the roster, then look for leases that ran out, for ever."""
        await self._fill()
        looked_at = self._clock.now()
        while True:
            await self._clock.sleep(self._settings.expire_interval_s)
            now = self._clock.now()
            late_s = now - looked_at - self._settings.expire_interval_s
            if late_s > STALL_S or not await self._bus.is_ready():
                self._roster.prolong(now)
            looked_at = now
            await self._tell(self._roster.expire(now))

    async def _fill(self) -> None:
        began_at = ask_at = self._clock.monotonic()
        while not self._is_filled():
            if ask_at <= self._clock.monotonic():
                await self._ask_for_all()
                ask_at = self._clock.monotonic() + self._settings.settle_s
            await self._clock.sleep(LOOK_S)
        self._roster.is_whole = True
        self._telling.show(self._roster.rooms())
        after_s = round(self._clock.monotonic() - began_at, 1)
        log.info("roster_filled", connections=self._roster.connections, after_s=after_s)

    def _is_filled(self) -> bool:
        now = self._clock.monotonic()
        return self._learning.is_over(now, has_backlog=self._backlog() > 0)

    async def _ask_for_all(self) -> None:
        body = encode_batch([RosterStarted(self._learning.roster)])
        message = Outgoing(EVENTS, ROSTER_KEY, ROSTER_BATCH, body)
        try:
            await self._bus.publish(message, timeout_s=self._settings.publish_timeout_s)
        except Unavailable:
            return
        self._learning.announced(self._clock.monotonic())
