"""Sessions that ended before their access tokens did.

An access token is good until it expires, so every verifier remembers which sessions were ended
meanwhile: loaded from auth at its start, fed by the fact `auth.session.revoked`.
"""

from heapq import heappop, heappush
from typing import Final

from libs.common.contracts.ids import SessionId
from libs.common.tokens.signed import MAX_LEEWAY_S

MAX_SESSIONS: Final = 100_000
"""About 20 MB. Tokens live 15 minutes, so this is 111 log-outs a second without a pause."""


class RevokedSessions:
    """Remembers at most `max_sessions` sessions, each until its last token has expired.

    When full, the one that would be forgotten first is forgotten now, and every token that expires
    no later than that session's last one is taken as expired from then on (`expired_until`). So a
    flood of log-outs costs others an early refresh; it never lets an ended session back in.
    """

    def __init__(self, *, max_sessions: int = MAX_SESSIONS) -> None:
        self._max_sessions = max_sessions
        self._until: dict[SessionId, float] = {}
        self._by_end: list[tuple[float, SessionId]] = []
        self._expired_until = 0.0

    @property
    def expired_until(self) -> float:
        """Return the `exp` up to which every token counts as expired, in seconds since 1970."""
        return self._expired_until

    def __len__(self) -> int:
        return len(self._until)

    def add(self, session_id: SessionId, *, until: float) -> None:
        """Refuse this session's tokens; the last of them expires at `until`. Harmless if known."""
        if until <= self._until.get(session_id, 0.0):
            return
        self._until[session_id] = until
        heappush(self._by_end, (until, session_id))
        while len(self._by_end) > self._max_sessions:
            self._expired_until = max(self._expired_until, self._forget_first())

    def has(self, session_id: SessionId) -> bool:
        return session_id in self._until

    def prune(self, now: float) -> None:
        """Forget sessions whose tokens have all expired, any verifier's leeway included."""
        while self._by_end and self._by_end[0][0] + MAX_LEEWAY_S <= now:
            self._forget_first()

    def _forget_first(self) -> float:
        until, session_id = heappop(self._by_end)
        # An entry that was added again with a later end has a second place further on.
        if self._until.get(session_id) == until:
            del self._until[session_id]
        return until
