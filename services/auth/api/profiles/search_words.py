"""Lets those be found who were made or renamed by a release that did not search by words.

New names are searched from the transaction on that makes them; this only follows up.
"""

import structlog

from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.postgres import Database
from services.auth.store.words import catch_up

log = structlog.get_logger()


class SearchWords:
    """Looks for names without words at the start, and then every `every_s`."""

    def __init__(self, database: Database, clock: Clock, *, every_s: float) -> None:
        self._database = database
        self._clock = clock
        self._every_s = every_s

    async def run(self) -> None:
        """Look again and again, for ever; a worker does this."""
        while True:
            try:
                await self.look()
            except Unavailable:
                log.warning("search_words_postponed")
            await self._clock.sleep(self._every_s)

    async def look(self) -> None:
        """Return when every name can be searched."""
        while behind := await catch_up(self._database):
            log.info("search_words_made", count=behind)
