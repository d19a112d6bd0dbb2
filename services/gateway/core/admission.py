"""Who may open a connection now: bounds that hold before anybody has said who they are.

came --> counted by address, and as a stranger --known--> counted no more by address
   `--------------------- gone ------------------------> not counted at all

When many come at once, as after a cut, all but so many are refused and come back by and by: each is
told another time, the more of them the later. Who is behind an address is not known: one person, or
a proxy with all of them. So an address may take half of the places of strangers. Beyond that places
are short, and each address gets only its few: a single one cannot keep the others out.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from libs.common.errors import Draining, TooMany, Unavailable
from libs.common.ratelimit import Limit, RateLimiter
from services.gateway.core.pressure import Pressure
from services.gateway.core.refusals import FAULTS
from services.gateway.core.turns import Turns
from services.gateway.settings import GatewaySettings

RETRY_FROM_S: Final = 1.0

MAX_ADDRESSES: Final = 10_000


class Admission:
    """Counts connections. An address is what the network or a trusted proxy says.

    `uniform` returns a number by chance between two others.
    """

    def __init__(
        self,
        settings: GatewaySettings,
        pressure: Pressure,
        *,
        uniform: Callable[[float, float], float],
    ) -> None:
        self._settings = settings
        self._pressure = pressure
        self._uniform = uniform
        self._strangers: Counter[str] = Counter()
        self._stranger_count = 0
        self._count = 0
        # Of those who were refused, as far as nobody can have taken their place since.
        self._to_come = 0.0
        self._refused_at = 0.0
        self._turns = Turns(per_s=settings.resumes_per_s, max_wait_s=settings.resume_wait_s)
        self._failures = RateLimiter(
            Limit(settings.failed_auths_per_minute / 60, settings.failed_auths_per_minute),
            max_keys=MAX_ADDRESSES,
        )
        self._faults = RateLimiter(
            Limit(settings.faults_per_minute / 60, settings.faults_per_minute),
            max_keys=MAX_ADDRESSES,
        )
        self.is_draining = False

    def __len__(self) -> int:
        """Return how many connections there are."""
        return self._count

    def check(self, address: str, now: float) -> None:
        """Refuse one more socket or poll from `address` if there are too many.

        Raises: Draining, Unavailable, TooMany (that sent what no client sends).
        """
        if self.is_draining:
            raise Draining(retry_after_ms=self._later_ms(now))
        self._faults.check(address, now)
        if (
            self._count >= self._settings.max_connections
            or not self._has_place(address)
            or self._turns.are_all_taken(now)
            or self._pressure.leaves_out("arrival")
        ):
            raise Unavailable(retry_after_ms=self._later_ms(now))

    def turn_s(self, now: float) -> float:
        """Take the next turn to be greeted and return how long to wait for it.

        Raises: Unavailable when all turns are taken that one may wait for.
        """
        try:
            return self._turns.take(now)
        except Unavailable as none:
            raise Unavailable(retry_after_ms=self._later_ms(now)) from none

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

    def ended(self, address: str, close_code: int, now: float) -> None:
        """Note how a socket ended: one that is over in a moment costs most, so who only comes to
        misbehave may not come as often as they like.
        """
        if close_code in FAULTS:
            with suppress(TooMany):
                self._faults.take(address, now)

    def _later_ms(self, now: float) -> int:
        """Return after how long somebody who is refused now is to come back: spread so that twice
        as many could be let in as are to come.
        """
        per_s = self._settings.resumes_per_s
        left = self._to_come - max(0.0, now - self._refused_at) * per_s
        self._to_come, self._refused_at = max(0.0, left) + 1, now
        latest_s = min(2 * RETRY_FROM_S + 2 * self._to_come / per_s, self._settings.retry_after_s)
        if self._pressure.leaves_out("arrival"):
            latest_s = self._settings.retry_after_s
        return round(1000 * self._uniform(RETRY_FROM_S, max(RETRY_FROM_S, latest_s)))

    def _has_place(self, address: str) -> bool:
        places = self._settings.authenticating
        if self._stranger_count >= places:
            return False
        its_own = self._settings.unauthenticated_per_address
        return self._stranger_count < places / 2 or self._strangers[address] < its_own
