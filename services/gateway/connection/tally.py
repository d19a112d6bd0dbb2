"""What this gateway counts.

The hot paths add to plain numbers; a worker carries them over into the metrics, as counting one
delivery there would cost a quarter of the delivery.
"""

from collections.abc import Callable
from typing import Final

from libs.common.clock import Clock
from libs.common.metrics import LATENCY_S, Metrics

CARRY_S: Final = 1.0

SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class PressureTally:
    """How hard the gateway is pressed, and what came of that."""

    def __init__(self, metrics: Metrics) -> None:
        self.level = metrics.gauge(
            "pressure_level_count", "How hard a gateway is pressed: 0 calm, 1 busy, 2 overloaded."
        )
        self.refusals = metrics.counter(
            "arrivals_refused", "Sockets and polls that were not let in, by code.", labels=("code",)
        )
        self._left_out = metrics.counter(
            "left_out",
            "What was left out or put off under pressure, by kind; typing alone is lost for good.",
            labels=("what",),
        )
        self._metrics = metrics

    def left_out(self, what: str) -> None:
        """Count something that was done without, or put off."""
        self._left_out.labels(what).inc()

    def watch_unanswered(self, unanswered: Callable[[], int]) -> None:
        """Show how many commands wait for their answer whenever somebody asks."""
        self._metrics.gauge(
            "commands_unanswered_count", "Commands on the bus that wait for their answer."
        ).set_function(unanswered)


class Tally:
    def __init__(self, metrics: Metrics) -> None:
        self.frames_in = 0
        self.frames_out = 0
        self.deliveries = 0
        self.connections = metrics.gauge("connections_count", "Open sockets.")
        self.closes = metrics.counter(
            "closes", "Sockets that ended, by close code.", labels=("code",)
        )
        self.polls = metrics.gauge("polls_count", "Polls and streams that are held.")
        self.polls_ended = metrics.counter(
            "polls_ended", "Polls and streams that are over, by how.", labels=("outcome",)
        )
        self.backlogs = metrics.counter(
            "backlogs_dropped", "Outboxes that were given up with their slow readers."
        )
        self.flushes = metrics.histogram(
            "flush_sockets_count", "Sockets that one turn of the loop wrote to.", buckets=SIZES
        )
        self.answers = metrics.histogram(
            "answer_seconds", "From a client's command to its owner's answer.", buckets=LATENCY_S
        )
        self.event_flushes = metrics.histogram(
            "event_flush_seconds",
            "From the first delivery of a burst to the last write of what it held.",
            buckets=LATENCY_S,
        )
        self.unreadable = metrics.counter(
            "deliveries_unreadable", "Deliveries of the bus that made no sense here."
        )
        self.pressure = PressureTally(metrics)
        self._metrics = metrics
        self._repairs = metrics.counter(
            "repairs",
            "Holes in what a room's listeners heard: read from the log, told as a gap, or unread.",
            labels=("outcome",),
        )
        self._frames_in = metrics.counter("frames_in", "Text frames of clients.")
        self._frames_out = metrics.counter("frames_out", "Text frames sent to clients.")
        self._deliveries = metrics.counter(
            "deliveries", "Events and signals put into outboxes, once for each reader."
        )

    def count_repair(self, outcome: str) -> None:
        self._repairs.labels(outcome).inc()

    def watch_lists(
        self,
        *,
        rooms: Callable[[], int],
        holes: Callable[[], int],
        unconfirmed: Callable[[], int],
    ) -> None:
        """Show how long these lists are whenever somebody asks."""
        gauge = self._metrics.gauge
        gauge("rooms_count", "Rooms that somebody listens to.").set_function(rooms)
        gauge("holes_count", "Rooms of which an event is missing.").set_function(holes)
        gauge("commands_unconfirmed_count", "Commands that the bus has not taken.").set_function(
            unconfirmed
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
