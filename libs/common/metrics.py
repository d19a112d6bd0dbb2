"""Metrics: prometheus-client with our naming rule, `chat_<service>_<thing>_<unit|total>`.

Each process has one registry, made by its composition root and passed in, so several services, and
several copies of one in a test, never meet. The service is part of the name. Labels take few known
values (a route template, a status), never an id, an address or anything a client wrote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from libs.common.clock import Clock

UNITS: Final = frozenset({"bytes", "count", "ratio", "seconds"})
"""How the name of a gauge or histogram ends. `count`: how many there are now, or in one batch."""

NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")

LATENCY_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Buckets for waits of people: a millisecond to the longest that anyone still waits for."""

LAG_S: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)

LAG_INTERVAL_S: Final = 0.5
"""How often the loop is asked; each time costs one wake-up."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric as documentation shows it."""

    name: str
    kind: str
    labels: tuple[str, ...]
    doc: str


class Metrics:
    """Makes the metrics of one service in the registry of its process."""

    def __init__(self, registry: CollectorRegistry, service: str) -> None:
        self.registry = registry
        self._service = service
        self._rows: list[MetricRow] = []

    def counter(self, thing: str, doc: str, *, labels: Sequence[str] = ()) -> Counter:
        """Return a number that only grows; `thing` gets the ending `_total`."""
        name = self._declare(f"{thing}_total", "counter", doc, labels)
        return Counter(name, doc, labels, registry=self.registry)

    def gauge(self, thing: str, doc: str, *, labels: Sequence[str] = ()) -> Gauge:
        """Return a number that goes up and down; `thing` ends in one of `UNITS`."""
        name = self._declare(thing, "gauge", doc, labels)
        return Gauge(name, doc, labels, registry=self.registry)

    def histogram(
        self, thing: str, doc: str, *, buckets: Sequence[float], labels: Sequence[str] = ()
    ) -> Histogram:
        """Return a distribution over `buckets`; `thing` ends in one of `UNITS`."""
        name = self._declare(thing, "histogram", doc, labels)
        return Histogram(name, doc, labels, buckets=buckets, registry=self.registry)

    def rows(self) -> list[MetricRow]:
        """Return what was made so far, in order of making."""
        return list(self._rows)

    def _declare(self, thing: str, kind: str, doc: str, labels: Sequence[str]) -> str:
        unit = thing.rpartition("_")[2]
        allowed = {"total"} if kind == "counter" else UNITS
        if not NAME.fullmatch(thing) or unit not in allowed or not doc:
            raise ValueError(f"{thing!r} of {self._service} breaks the naming rule for a {kind}")
        name = f"chat_{self._service}_{thing}"
        self._rows.append(MetricRow(name, kind, tuple(labels), doc))
        return name


def exposition(registry: CollectorRegistry) -> tuple[bytes, str]:
    """Return everything in `registry` as Prometheus reads it, and its content type."""
    return generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4


def loop_lag(metrics: Metrics) -> Histogram:
    """Return the histogram that `watch_loop` fills."""
    return metrics.histogram(
        "loop_lag_seconds",
        "How much later than asked the event loop wakes a sleeper: what all others wait for.",
        buckets=LAG_S,
    )


async def watch_loop(lag: Histogram, clock: Clock) -> None:
    """Measure the lag of the running loop for ever; one worker of a process does this."""
    while True:
        asked = clock.monotonic() + LAG_INTERVAL_S
        await clock.sleep(LAG_INTERVAL_S)
        lag.observe(max(0.0, clock.monotonic() - asked))
