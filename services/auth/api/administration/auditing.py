"""Where acts are noted by whoever has no transaction open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from libs.common.clock import Clock
from libs.common.errors import TooMany
from libs.common.networks import network_of
from libs.common.postgres import Database
from libs.common.ratelimit import Limit
from libs.common.rates_postgres import PostgresRates
from services.auth.model.acts import Act, Kind
from services.auth.store.audit import note

LIMITED_PER_MINUTE: Final = 1
"""Entries about one network that is refused for its pace: a flood of requests must not become a
flood of entries.
"""


class Auditing:
    """Adds to the audit log."""

    def __init__(self, database: Database, *, rates: PostgresRates, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._limited = rates.of("audit.limited", Limit.per_minute(LIMITED_PER_MINUTE, burst=1))

    async def note(self, act: Act) -> None:
        """Add an act, in a transaction of its own.  Raises: Unavailable."""
        async with self._database.transaction() as connection:
            await note(connection, act, now=self._clock.now())

    @asynccontextmanager
    async def limits(self, route: str, address: str) -> AsyncIterator[None]:
        """Note a `TooMany` that comes out of the block, once a minute for each network."""
        try:
            yield
        except TooMany:
            await self._note_limit(route, address)
            raise

    async def _note_limit(self, route: str, address: str) -> None:
        try:
            await self._limited.take(network_of(address))
        except TooMany:
            return
        act = Act(
            kind=Kind.RATE_LIMITED,
            actor_id=None,
            subject_id=None,
            outcome="refused",
            address=address,
            session_id=None,
            details={"route": route},
        )
        await self.note(act)
