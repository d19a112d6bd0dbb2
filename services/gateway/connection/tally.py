"""What this gateway counts.

The hot paths add to plain numbers; a worker carries them over into the metrics, as counting one
delivery there would cost a quarter of the delivery.
"""

from typing import Final

from libs.common.clock import Clock
from libs.common.metrics import Metrics

CARRY_S: Final = 1.0

SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Tally:
    def __init__(self, metrics: Metrics) -> None:
        self.frames_in = 0
        self.frames_out = 0
        self.deliveries = 0
        self.connections = metrics.gauge("connections_count", "Open sockets.")
        self.closes = metrics.counter(
            "closes", "Sockets that ended, by close code.", labels=("code",)
        )
        self.backlogs = metrics.counter(
            "backlogs_dropped", "Outboxes that were given up with their slow readers."
        )
        self.flushes = metrics.histogram(
            "flush_sockets_count", "Sockets that one turn of the loop wrote to.", buckets=SIZES
        )
        self._frames_in = metrics.counter("frames_in", "Text frames of clients.")
        self._frames_out = metrics.counter("frames_out", "Text frames sent to clients.")
        self._deliveries = metrics.counter(
            "deliveries", "Events and signals put into outboxes, once for each reader."
        )

    async def run(self, clock: Clock) -> None:
        """Carry over what was counted, for ever."""
        while True:
            await clock.sleep(CARRY_S)
            self.carry()

    def carry(self) -> None:
        """Carry over what was counted since the last time."""
        self._frames_in.inc(self.frames_in)
        self._frames_out.inc(self.frames_out)
        self._deliveries.inc(self.deliveries)
        self.frames_in = self.frames_out = self.deliveries = 0
