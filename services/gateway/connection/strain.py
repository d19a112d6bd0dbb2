"""Looks at how hard the gateway is pressed, ten times a second, and tells when that changes."""

from typing import Final, Protocol

import structlog

from libs.common.clock import Clock
from services.gateway.connection.tally import PressureTally
from services.gateway.core.pressure import Pressure
from services.gateway.core.unanswered import Unanswered

log = structlog.get_logger()

LOOK_S: Final = 0.1


class Waiting(Protocol):
    """What the bus brought and was not passed on yet."""

    @property
    def waiting_bytes(self) -> int: ...

    def waited_s(self, now: float) -> float:
        """Return how long the oldest of it has waited."""
        ...


class Strain:
    """`inbox` and `unanswered` are what is looked at, beside the loop itself."""

    def __init__(
        self,
        pressure: Pressure,
        *,
        inbox: Waiting,
        unanswered: Unanswered,
        tally: PressureTally,
        clock: Clock,
    ) -> None:
        self._pressure = pressure
        self._inbox = inbox
        self._unanswered = unanswered
        self._tally = tally
        self._clock = clock

    async def run(self) -> None:
        """Look for ever."""
        while True:
            due_at = self._clock.monotonic() + LOOK_S
            await self._clock.sleep(LOOK_S)
            now = self._clock.monotonic()
            self._look(now, late_s=max(0.0, now - due_at))

    def _look(self, now: float, *, late_s: float) -> None:
        self._unanswered.forget(now)
        before = self._pressure.level
        seen = {
            "loop_late_s": late_s,
            "inbox_wait_s": self._inbox.waited_s(now),
            "inbox_bytes": self._inbox.waiting_bytes,
            "answers_wait_s": self._unanswered.oldest_s(now),
        }
        self._pressure.look(seen, now)
        level = self._pressure.level
        if level != before:
            self._tally.level.set(level)
            log.warning(
                "pressure_changed",
                level=int(level),
                before=int(before),
                **{name: round(value, 3) for name, value in seen.items()},
            )
