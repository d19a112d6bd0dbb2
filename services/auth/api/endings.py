"""Opens and ends sessions so that everybody hears of an end in time.

An end is a row and a fact in one transaction; the fact tells the other services, and what this
process knows of ended sessions (`revoked`) is told at once, so that the very next request fails.
"""

from collections.abc import Iterable

import structlog

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.tokens.revoked import RevokedSessions
from services.auth.core.login import AccountDisabled
from services.auth.model.sessions import Ending, EndReason, Session
from services.auth.settings.general import AuthSettings
from services.auth.store.sessions import Check, SessionStore

log = structlog.get_logger()


class Endings:
    """The ends of sessions, and their beginnings as far as those end others."""

    def __init__(
        self,
        sessions: SessionStore,
        revoked: RevokedSessions,
        *,
        settings: AuthSettings,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._revoked = revoked
        self._life_s = settings.access_life_s
        self._max_sessions = settings.max_sessions
        self._clock = clock

    async def open(self, session: Session, *, check: Check) -> None:
        """Store a new session and end those that are too many.

        Raises: AccountDisabled, when that happened a moment ago; what `check` raises.
        """
        ending = self.ending(EndReason.TOO_MANY_SESSIONS)
        ended = await self._sessions.open(
            session, check=check, max_sessions=self._max_sessions, ending=ending
        )
        if ended is None:
            raise AccountDisabled
        self.note(ended, session.account_id, ending=ending)

    async def one(self, session_id: SessionId, account_id: PersonId, *, reason: EndReason) -> bool:
        """End a session of this account; tell whether there was one."""
        ending = self.ending(reason)
        ended = await self._sessions.end(session_id, account_id, ending=ending)
        self.note(ended, account_id, ending=ending)
        return bool(ended)

    async def all_of(self, account_id: PersonId, *, reason: EndReason) -> None:
        """End every session of this account."""
        ending = self.ending(reason)
        ended = await self._sessions.end_all(account_id, ending=ending)
        self.note(ended, account_id, ending=ending)

    def ending(self, reason: EndReason) -> Ending:
        """Return an end that happens now: every access token that is out has expired by then."""
        now = self._clock.now()
        return Ending(reason, at=now, until=now + self._life_s)

    def note(self, ended: Iterable[SessionId], account_id: PersonId, *, ending: Ending) -> None:
        """Refuse the tokens of sessions that were ended, in this process from now on."""
        for session_id in ended:
            self._revoked.add(session_id, until=ending.until)
            log.info(
                "session_ended", user_id=account_id, session_id=session_id, reason=ending.reason
            )
