"""Removes what nobody will ask for again: rooms whose time is over, keys long used, sanctions and
invitations long ended.
"""

import structlog

from libs.common.clock import Clock
from libs.common.errors import Unavailable
from services.rooms.core.schedule import CLOCK
from services.rooms.settings import RoomsSettings
from services.rooms.store.purging import PurgingStore

log = structlog.get_logger()


class Purge:
    """Goes over the tables now and then."""

    def __init__(self, rooms: PurgingStore, settings: RoomsSettings, *, clock: Clock) -> None:
        self._rooms = rooms
        self._settings = settings
        self._clock = clock

    async def run(self) -> None:
        """Purge again and again, for ever; a worker does this."""
        while True:
            await self._clock.sleep(self._settings.purge_every_s)
            try:
                await self.purge()
            except Unavailable:
                log.warning("purge_postponed")

    async def purge(self) -> None:
        """Remove what is old now."""
        now, settings = self._clock.now(), self._settings
        await self._rooms.forget_made(before=now - settings.idempotency_keep_s)
        await self._rooms.forget_over(before=now - settings.sanctions_keep_s)
        while count := await self._rooms.purge(
            actor=CLOCK, grace_s=settings.delete_grace_s, now=now, limit=settings.purge_batch
        ):
            log.info("rooms_purged", count=count)
