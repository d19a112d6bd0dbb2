"""Who may open a connection now: bounds that hold before anybody has said who they are.

came --> counted by address, and as a stranger --known--> counted no more by address
   `--------------------- gone ------------------------> not counted at all
"""

from collections import Counter
from typing import Final

from libs.common.errors import Draining, TooMany, Unavailable
from libs.common.ratelimit import Limit, RateLimiter
from services.gateway.settings import GatewaySettings

RETRY_AFTER_MS: Final = 2_000
"""Connections are refused when many come at once: not all should be back in the same second."""

MAX_ADDRESSES: Final = 10_000


class Admission:
    """Counts connections. An address is what the network or a trusted proxy says."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._strangers: Counter[str] = Counter()
        self._stranger_count = 0
        self._count = 0
        self._failures = RateLimiter(
            Limit(settings.failed_auths_per_minute / 60, settings.failed_auths_per_minute),
            max_keys=MAX_ADDRESSES,
        )
        self.is_draining = False

    def __len__(self) -> int:
        """Return how many connections there are."""
        return self._count

    def check(self, address: str) -> None:
        """Refuse one more socket from `address` if there are too many.

        Raises: Draining, Unavailable, TooMany.
        """
        if self.is_draining:
            raise Draining(retry_after_ms=RETRY_AFTER_MS)
        if (
            self._count >= self._settings.max_connections
            or self._stranger_count >= self._settings.authenticating
        ):
            raise Unavailable(retry_after_ms=RETRY_AFTER_MS)
        if self._strangers[address] >= self._settings.unauthenticated_per_address:
            raise TooMany(retry_after_ms=RETRY_AFTER_MS)

    def came(self, address: str) -> None:
        """Count a socket that has not said who it is."""
        self._count += 1
        self._stranger_count += 1
        self._strangers[address] += 1

    def known(self, address: str) -> None:
        """Count a socket as one of somebody."""
        self._stranger_count -= 1
        self._strangers[address] -= 1
        if not self._strangers[address]:
            del self._strangers[address]

    def gone(self) -> None:
        """Count a socket no more; one that nobody was known behind is made `known` before."""
        self._count -= 1

    def failed(self, address: str, now: float) -> None:
        """Count a token that was refused.  Raises: TooMany."""
        self._failures.take(address, now)
