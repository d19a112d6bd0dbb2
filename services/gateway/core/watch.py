"""The times at which something happens to a connection by itself. All are monotonic.

hello --auth_timeout_s--> 4408            token_warning_s before the end: token_expiring
every heartbeat_s a ping                  the end of the token: 4401 expired
ping --pong_timeout_s of silence--> 4411  max_age_s: reconnect
reconnect --after--> no new commands --drain_finish_s, or all answered--> 1012
"""

from typing import Final

from services.gateway.settings import GatewaySettings

NEVER: Final = float("inf")

JITTER: Final = 0.1
"""Connections that came together should not be pinged, or sent away, together for ever."""


class Watch:
    """Deadlines of one connection. `spread` is its own number from -1 to 1."""

    __slots__ = (
        "_heartbeat_s",
        "_lease_renew_s",
        "_pong_timeout_s",
        "auth_by",
        "expires_at",
        "finish_by",
        "lease_at",
        "leave_at",
        "old_at",
        "ping_at",
        "pong_by",
        "warn_at",
    )

    def __init__(self, settings: GatewaySettings, *, spread: float, now: float) -> None:
        self._heartbeat_s = settings.heartbeat_s * (1 + JITTER * spread)
        self._pong_timeout_s = settings.pong_timeout_s
        self._lease_renew_s = settings.lease_renew_s
        self.auth_by = now + settings.auth_timeout_s
        self.ping_at = now + self._heartbeat_s
        self.old_at = now + settings.max_age_s * (1 + JITTER * spread)
        self.pong_by = NEVER
        self.warn_at = NEVER
        self.expires_at = NEVER
        self.lease_at = NEVER
        self.leave_at = NEVER
        self.finish_by = NEVER

    @property
    def due_at(self) -> float:
        return min(
            self.auth_by,
            self.ping_at,
            self.pong_by,
            self.warn_at,
            self.expires_at,
            self.lease_at,
            self.old_at,
            self.leave_at,
            self.finish_by,
        )

    def pinged(self, now: float) -> None:
        """Expect a sign of life, and the next ping a heartbeat from now."""
        self.pong_by = min(self.pong_by, now + self._pong_timeout_s)
        self.ping_at = now + self._heartbeat_s

    def reported(self, now: float) -> None:
        """Renew the lease some time from now."""
        self.lease_at = now + self._lease_renew_s

    def alive(self) -> None:
        """Take whatever came as a sign of life: a busy client may answer pings late."""
        self.pong_by = NEVER
