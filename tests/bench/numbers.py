"""What the services themselves count: fetched where Prometheus fetches it, added up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

TIMEOUT_S: Final = 10.0

PUBLISHED: Final = "chat_bus_publish_seconds_count"
DELIVERED: Final = "chat_bus_deliveries_total"
BATCH: Final = "chat_messages_batch_commands_count"

Numbers = Mapping[tuple[str, str], float]
"""By the name of a metric and the value of one of its labels, over all processes."""

CLOSED: Final = "chat_gateway_closes_total"

LABELS: Final = {
    PUBLISHED: "exchange",
    DELIVERED: "way",
    f"{BATCH}_bucket": "le",
    CLOSED: "code",
}
"""Which label tells apart what is added up here."""


@dataclass(frozen=True, slots=True)
class Batches:
    """How many commands messages took at a time. `upto` has the share of batches by their size."""

    count: float
    commands: float
    upto: Mapping[str, float]


async def fetch(insides: Iterable[str]) -> Numbers:
    """Return the numbers of all processes together."""
    async with httpx.AsyncClient(trust_env=False, timeout=TIMEOUT_S) as http:
        texts = [
            (await http.get(f"{inside}/metrics")).raise_for_status().text for inside in insides
        ]
    return added_up(texts)


def added_up(texts: Iterable[str]) -> Numbers:
    """Return the sum of what several processes show."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for text in texts:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                label = sample.labels.get(LABELS.get(sample.name, ""), "")
                sums[sample.name, label] += sample.value
    return dict(sums)


def grown(before: Numbers, after: Numbers) -> Numbers:
    """Return by how much each number grew."""
    return {key: value - before.get(key, 0.0) for key, value in after.items()}


def by_label(numbers: Numbers, name: str) -> dict[str, float]:
    """Return the numbers of one metric that are not 0, by its label."""
    return {label: value for (of, label), value in numbers.items() if of == name and value}


def batches(numbers: Numbers) -> Batches:
    """Return what `chat_messages_batch_commands_count` says."""
    count = numbers.get((f"{BATCH}_count", ""), 0.0)
    upto = by_label(numbers, f"{BATCH}_bucket")
    return Batches(
        count=count,
        commands=numbers.get((f"{BATCH}_sum", ""), 0.0),
        upto={size: value / count for size, value in upto.items()} if count else {},
    )
