"""Makes what gives way when the gateway is pressed, and what makes good for it afterwards."""

from libs.common.process import Process
from libs.common.service import Worker
from services.gateway.connection.strain import Strain, Waiting
from services.gateway.connection.tally import Tally
from services.gateway.connection.typing import TypingSignals
from services.gateway.core.admission import Admission
from services.gateway.core.pressure import Pressure, signs_of
from services.gateway.core.unanswered import Unanswered
from services.gateway.hub.asking import Asking
from services.gateway.hub.hub import Hub
from services.gateway.hub.signals import Signals
from services.gateway.hub.unattended import Unattended
from services.gateway.hub.unshown import Unshown
from services.gateway.settings import GatewaySettings


class Relief:
    def __init__(
        self,
        hub: Hub,
        asking: Asking,
        *,
        settings: GatewaySettings,
        tally: Tally,
        process: Process,
    ) -> None:
        clock = process.clock
        self._tally = tally.pressure
        self._clock = clock
        self.pressure = Pressure(
            signs_of(settings), rise_s=settings.pressure_rise_s, calm_s=settings.pressure_calm_s
        )
        self.admission = Admission(settings, self.pressure, uniform=process.chance.uniform)
        self.unanswered = Unanswered(
            slow_s=settings.owner_slow_s,
            # Whoever has not answered twice as late as anybody waits has lost the command.
            forget_s=2 * settings.command_timeout_s,
            max_commands=settings.commands_unanswered,
        )
        self._tally.watch_unanswered(lambda: len(self.unanswered))
        self.typing = TypingSignals(
            process.bus,
            pressure=self.pressure,
            on_left_out=self._tally.left_out,
            event_buckets=process.spread.event_buckets,
            expires_ms=settings.typing_expires_ms,
            clock=clock,
        )
        self.unshown = Unshown(asking, hub, retry_s=settings.online_retry_s, clock=clock)
        self.signals = Signals(
            hub,
            self.unshown,
            self.pressure,
            settings=settings,
            on_left_out=self._tally.left_out,
            clock=clock,
        )
        self.unattended = Unattended(
            asking,
            hub,
            self.pressure,
            per_s=settings.room_heads_per_s,
            on_left_out=self._tally.left_out,
            clock=clock,
        )

    def workers(self, inbox: Waiting) -> list[Worker]:
        """Return what runs beside; `inbox` is one of the things that are looked at."""
        strain = Strain(
            self.pressure,
            inbox=inbox,
            unanswered=self.unanswered,
            tally=self._tally,
            clock=self._clock,
        )
        return [
            Worker("strain", strain.run),
            Worker("typing", self.typing.run),
            Worker("unshown", self.unshown.run),
            Worker("signals", self.signals.run),
            Worker("unattended", self.unattended.run),
        ]
