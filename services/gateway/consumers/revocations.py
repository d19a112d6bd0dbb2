"""Loads from auth which sessions were ended: at the start, and when a fact may have been missed."""

import asyncio
from typing import Final

import structlog

from libs.common.clock import Clock
from libs.common.contracts.internal import Body, RevocationsAnswer
from libs.common.errors import ChatError, Unavailable
from libs.common.tokens.revoked import RevokedSessions
from services.gateway.consumers.facts import Facts
from services.gateway.hub.asking import Service

log = structlog.get_logger()

RETRY_S: Final = 1.0

PRUNE_S: Final = 60.0


class Revocations:
    """Not ready until they were loaded once: before that an ended session might come back."""

    def __init__(
        self, auth: Service, facts: Facts, *, revoked: RevokedSessions, clock: Clock
    ) -> None:
        self._auth = auth
        self._facts = facts
        self._revoked = revoked
        self._clock = clock
        self._is_in_doubt = asyncio.Event()
        self._is_in_doubt.set()
        self.are_loaded = False

    def doubt(self) -> None:
        """Load them again."""
        self._is_in_doubt.set()

    async def run(self) -> None:
        """Load them whenever there is doubt, for ever."""
        while True:
            await self._is_in_doubt.wait()
            self._is_in_doubt.clear()
            try:
                await self._load()
            except ChatError:
                self._is_in_doubt.set()
                await self._clock.sleep(RETRY_S)

    async def forget_expired(self) -> None:
        """Forget those whose tokens have expired, for ever."""
        while True:
            await self._clock.sleep(PRUNE_S)
            self._revoked.prune(self._clock.now())

    async def check(self) -> None:
        """Be a check of readiness.  Raises: Unavailable."""
        if not self.are_loaded:
            raise Unavailable("The ended sessions are not known yet.")

    async def _load(self) -> None:
        answer = await self._auth.post("/internal/revocations", RevocationsAnswer, body=Body())
        for session in answer.sessions:
            self._facts.revoke(session.session_id, until=session.until)
        self.are_loaded = True
        log.info("revocations_loaded", count=len(answer.sessions))
