"""Sends all clients elsewhere when the process stops, spread so that they do not come back at once.

See: docs/protocol.md, section 13.
"""

from typing import Final

from libs.common.chance import Chance
from libs.common.clock import Clock
from services.gateway.connection.sweep import Sweep
from services.gateway.core.admission import Admission
from services.gateway.settings import GatewaySettings

LOOK_S: Final = 0.1

MARGIN_S: Final = 2.0
"""The sweep looks at a connection once a second, and a close takes a round trip."""


class Drain:
    def __init__(
        self,
        sweep: Sweep,
        admission: Admission,
        *,
        settings: GatewaySettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._sweep = sweep
        self._admission = admission
        self._settings = settings
        self._clock = clock
        self._chance = chance

    async def run(self) -> None:
        """Return when nobody is left. Takes the window, the time to finish, and a margin."""
        self._admission.is_draining = True
        everybody = self._sweep.all()
        window_s = min(self._settings.drain_window_s, len(everybody) / self._settings.drain_per_s)
        for one in everybody:
            one.send_away(after_s=self._chance.uniform(0, window_s))
        end = self._clock.monotonic() + window_s + self._settings.drain_finish_s + MARGIN_S
        while self._sweep.all() and self._clock.monotonic() < end:
            await self._clock.sleep(LOOK_S)
        for one in self._sweep.all():
            one.stop()
