"""Ended sessions, as this process knows them: read from auth at the start, then from the facts.

A session may be ended by another process. Its fact comes over the bus; when facts may have been
missed, all of them are read again. Until they were read once, a session that has ended might come
back, so a process is not ready before.
"""

from typing import Final, Protocol

import structlog

from libs.common.bus.interface import Binding, Bus, Delivery, Inbox
from libs.common.bus.topology import FACTS
from libs.common.client import InternalClient
from libs.common.clock import Clock
from libs.common.contracts.facts import FACT, SESSION_REVOKED, SessionRevoked, decode_fact
from libs.common.contracts.ids import SessionId
from libs.common.contracts.internal import Body, RevocationsAnswer
from libs.common.errors import Unavailable
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.signed import MAX_LEEWAY_S

log = structlog.get_logger()

LOOK_EVERY_S: Final = 1.0
"""Within two seconds an ended session is refused everywhere; this is half of that."""


class Remembered(Protocol):
    """Where ended sessions are written down: auth's store, or auth behind its internal API."""

    async def ended(self, *, since: float) -> list[tuple[SessionId, float]]:
        """Return those whose last token expires after `since`, and when.  Raises: Unavailable."""
        ...


class AskedOfAuth:
    """What auth remembers, for the processes of other services."""

    def __init__(self, auth: InternalClient) -> None:
        self._auth = auth

    async def ended(self, *, since: float) -> list[tuple[SessionId, float]]:
        answer = await self._auth.post("/internal/revocations", RevocationsAnswer, body=Body())
        return [(one.session_id, one.until) for one in answer.sessions if one.until > since]


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
        self._is_loaded = False
        self._has_missed = False

    async def start(self) -> None:
        """Listen first, then read, so that nothing falls between; what cannot be read now is read
        later.
        """
        self._inbox = await self._bus.open_inbox(
            self._inbox_name,
            (Binding(FACTS, SESSION_REVOKED),),
            self._on_delivery,
            on_gap=self._on_gap,
        )
        await self._mend()

    async def check(self) -> None:
        """Be a check of readiness.  Raises: Unavailable."""
        if not self._is_loaded:
            raise Unavailable("The ended sessions are not known yet.")

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
        self._is_loaded = True

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
            self._revoked.add(fact.session_id, until=fact.until)

    def _on_gap(self) -> None:
        self._has_missed = True
