"""Ended sessions, as this process knows them: from the database at start, then from the facts.

A session may be ended by another instance of auth. Its fact comes over the bus; when facts may
have been missed, everything is read from the database again.
"""

from typing import Final, Protocol

import structlog

from libs.common.bus.interface import Binding, Bus, Delivery, Inbox
from libs.common.bus.topology import FACTS
from libs.common.clock import Clock
from libs.common.contracts.facts import FACT, SESSION_REVOKED, SessionRevoked, decode_fact
from libs.common.contracts.ids import SessionId
from libs.common.errors import Unavailable
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.signed import MAX_LEEWAY_S

log = structlog.get_logger()

LOOK_EVERY_S: Final = 1.0
"""Within two seconds an ended session is refused everywhere; this is half of that."""


class Remembered(Protocol):
    """Where ended sessions are written down."""

    async def ended(self, *, since: float) -> list[tuple[SessionId, float]]:
        """Return them with the time at which their last token expires, after `since`."""
        ...


class EndedSessions:
    """Feeds `revoked` for as long as the process runs."""

    def __init__(
        self,
        remembered: Remembered,
        revoked: RevokedSessions,
        *,
        bus: Bus,
        clock: Clock,
        inbox_name: str,
    ) -> None:
        self._remembered = remembered
        self._revoked = revoked
        self._bus = bus
        self._clock = clock
        self._inbox_name = inbox_name
        self._inbox: Inbox | None = None
        self._has_missed = False

    async def start(self) -> None:
        """Listen first, then read, so that nothing falls between."""
        self._inbox = await self._bus.open_inbox(
            self._inbox_name,
            (Binding(FACTS, SESSION_REVOKED),),
            self._on_delivery,
            on_gap=self._on_gap,
        )
        await self._read()

    async def stop(self) -> None:
        if self._inbox is not None:
            await self._inbox.close()

    async def run(self) -> None:
        """Mend gaps and forget what has expired, for ever; a worker does this."""
        while True:
            await self._clock.sleep(LOOK_EVERY_S)
            self._revoked.prune(self._clock.now())
            if self._has_missed:
                await self._mend()

    def on_session_revoked(self, fact: SessionRevoked) -> None:
        """Refuse the session's tokens from now on."""
        self._revoked.add(fact.session_id, until=fact.until)

    async def _mend(self) -> None:
        self._has_missed = False
        try:
            await self._read()
        except Unavailable:
            self._has_missed = True

    async def _read(self) -> None:
        since = self._clock.now() - MAX_LEEWAY_S
        for session_id, until in await self._remembered.ended(since=since):
            self._revoked.add(session_id, until=until)

    def _on_delivery(self, delivery: Delivery) -> None:
        if delivery.type != FACT:
            return
        try:
            fact = decode_fact(delivery.key, delivery.body)
        except ValueError:
            log.error("fact_unreadable", key=delivery.key)
            self._has_missed = True
            return
        if isinstance(fact, SessionRevoked):
            self.on_session_revoked(fact)

    def _on_gap(self) -> None:
        self._has_missed = True
