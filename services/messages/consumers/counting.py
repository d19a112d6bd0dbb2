"""What the metrics and the log say of commands."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from libs.common.errors import ChatError
from libs.common.metrics import LATENCY_S, Metrics
from services.messages.core.decide import Decision, Reply

log = structlog.get_logger()

BATCH_SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class CommandCounts:
    """The metrics of the write path."""

    def __init__(self, metrics: Metrics) -> None:
        self.buried = metrics.counter(
            "commands_buried", "Commands that could not be obeyed and lie among the dead letters."
        )
        self._commands = metrics.counter(
            "commands",
            "Commands by kind and by what they came to: accepted, aside, or the refusal's code.",
            labels=("kind", "outcome"),
        )
        self._batch = metrics.histogram(
            "batch_commands_count", "Commands obeyed together.", buckets=BATCH_SIZES
        )
        self._duration = metrics.histogram(
            "batch_duration_seconds",
            "From taking a batch to the bus's confirmation of all it had to tell.",
            buckets=LATENCY_S,
        )
        self._write = metrics.histogram(
            "write_seconds", "From taking a batch to its commit.", buckets=LATENCY_S
        )
        self._tell = metrics.histogram(
            "tell_seconds",
            "From the commit to the bus's confirmation of all answers and events.",
            buckets=LATENCY_S,
        )
        self._metrics = metrics

    def watch_waiting(self, waiting: Callable[[], int]) -> None:
        """Show how many commands wait whenever somebody asks."""
        self._metrics.gauge(
            "commands_waiting_count", "Commands that were taken from their queues and wait."
        ).set_function(waiting)

    def count(
        self, decisions: Sequence[Decision], *, duration_s: float, write_s: float, tell_s: float
    ) -> None:
        """Count one batch."""
        outcomes: Counter[tuple[str, str]] = Counter()
        for decision in decisions:
            for asked in decision.aside:
                outcomes[asked.command.kind, "aside"] += 1
            for reply in decision.replies:
                outcomes[reply.asked.command.kind, _outcome(reply)] += 1
        for (kind, outcome), count in outcomes.items():
            self._commands.labels(kind, outcome).inc(count)
        self._batch.observe(outcomes.total())
        self._duration.observe(duration_s)
        self._write.observe(write_s)
        self._tell.observe(tell_s)


def _outcome(reply: Reply) -> str:
    if not isinstance(reply.said, ChatError):
        return "accepted"
    command = reply.asked.command
    log.info(
        "command_refused",
        code=reply.said.code,
        kind=command.kind,
        room_id=command.subject,
        user_id=command.actor.id,
        request_id=command.request_id,
    )
    return reply.said.code
