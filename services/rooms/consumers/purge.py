"""Removes what nobody will ask for again: rooms long deleted, keys long used."""

import structlog

from libs.common.clock import Clock
from libs.common.errors import Unavailable
from services.rooms.settings import RoomsSettings
from services.rooms.store.rooms import RoomStore

log = structlog.get_logger()


class Purge:
    """Goes over the tables now and then."""

    def __init__(self, rooms: RoomStore, settings: RoomsSettings, *, clock: Clock) -> None:
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
        now = self._clock.now()
        await self._rooms.forget_made(before=now - self._settings.idempotency_keep_s)
        limit = self._settings.purge_batch
        before = now - self._settings.delete_grace_s
        while count := await self._rooms.purge(before=before, limit=limit):
            log.info("rooms_purged", count=count)
