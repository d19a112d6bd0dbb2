"""Takes rooms away that are gone for good, beside the write path and with pauses for the others."""

from typing import Final

import structlog

from libs.common.clock import Clock
from libs.common.errors import Unavailable
from services.messages.settings import MessagesSettings
from services.messages.store.purging import PurgingStore

log = structlog.get_logger()

PAUSE_S: Final = 0.05
"""Between two parts: so long do others have the database to themselves."""


class Purging:
    """Looks every `purge_interval_s` for a room to take away; any number of instances may."""

    def __init__(self, store: PurgingStore, *, settings: MessagesSettings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    async def run(self) -> None:
        """Take rooms away until cancelled; what failed is done at the next look."""
        while True:
            await self._clock.sleep(self._settings.purge_interval_s)
            try:
                await self.purge()
            except Unavailable as reason:
                log.warning("purge_postponed", reason=type(reason).__name__)

    async def purge(self) -> None:
        """Take away all rooms that are to go.  Raises: Unavailable."""
        while room_id := await self._store.step(rows=self._settings.purge_rows):
            log.debug("room_purged_in_part", room_id=room_id)
            await self._clock.sleep(PAUSE_S)
