"""Deletes what nobody will ask for again: ended and expired sessions, old counts, full buckets."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.rates_postgres import PostgresRates
from services.auth.settings.general import AuthSettings
from services.auth.store.attempts import AttemptStore
from services.auth.store.factors.sweeping import LoginRemains
from services.auth.store.sessions import SessionStore

log = structlog.get_logger()

MARGIN_S: Final = 3_600.0
"""Clocks differ, and a session that ended a moment ago answers better than one never heard of."""


async def sweeping(
    sweep: Callable[[], Awaitable[None]], of: str, *, every_s: float, clock: Clock
) -> None:
    """Sweep again and again, for ever; without a database, another time."""
    while True:
        await clock.sleep(every_s)
        try:
            await sweep()
        except Unavailable:
            log.warning("sweep_postponed", of=of)


class Sweeping:
    """Goes over the tables now and then."""

    def __init__(
        self,
        sessions: SessionStore,
        attempts: AttemptStore,
        rates: PostgresRates,
        remains: LoginRemains,
        *,
        settings: AuthSettings,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._attempts = attempts
        self._rates = rates
        self._remains = remains
        self._settings = settings
        self._clock = clock

    async def run(self) -> None:
        """Sweep again and again, for ever; a worker does this."""
        await sweeping(
            self.sweep, "log_ins", every_s=self._settings.sweep_every_s, clock=self._clock
        )

    async def sweep(self) -> None:
        """Delete what is old now."""
        before = self._clock.now() - MARGIN_S
        await self._sessions.sweep(before=before)
        await self._attempts.sweep(before=before - self._settings.forget_attempts_s)
        await self._rates.sweep()
        await self._remains.sweep(
            before=before, places_before=before - self._settings.forget_places_s
        )
